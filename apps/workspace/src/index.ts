/**
 * The rules of this workspace as code: layers, manifests, projects, style, links.
 *
 * @packageDocumentation
 */
export { type Files, readFiles, withFiles } from './files.ts';
export { type Finding, formatFinding } from './finding.ts';
export { appRules, type Layer, layers, type Mode, type PackageRule, packageRules, ruleOf } from './layers.ts';
export { workspaceRoot } from './root.ts';
export { checkBoundaries, judgeArrow } from './rules/boundaries.ts';
export { checkDependencies } from './rules/dependencies.ts';
export { checkLinks } from './rules/links.ts';
export { checkManifests } from './rules/manifests.ts';
export { checkProjects } from './rules/projects.ts';
export { checkSnippets } from './rules/snippets.ts';
export { checkStyle } from './rules/style.ts';
export { kindOf, type Manifest, type Tree, treeOf, type WorkspacePackage } from './tree.ts';
