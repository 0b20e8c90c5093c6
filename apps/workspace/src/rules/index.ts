import type { Finding } from '../finding.ts';
import type { Tree } from '../tree.ts';
import { checkArchitecturePage } from './architecture-page.ts';
import { checkBoundaries } from './boundaries.ts';
import { checkDependencies } from './dependencies.ts';
import { checkLinks } from './links.ts';
import { checkManifests } from './manifests.ts';
import { checkProjects } from './projects.ts';
import { checkSnippets } from './snippets.ts';
import { checkStyle } from './style.ts';

/** Judges a workspace; `exists` answers for files that the tree does not hold. */
export type Rule = (tree: Tree, exists: (path: string) => boolean) => readonly Finding[];

/** Every rule, by the sentence that its test is called by. */
export const allRules: Readonly<Record<string, Rule>> = {
  'imports follow the layers and arrows of the architecture': checkBoundaries,
  'what is imported is declared, what is declared is used, and nothing runs in a circle': checkDependencies,
  'every package.json has the form that all share': checkManifests,
  'every TypeScript project refers to what its package depends on': checkProjects,
  'sources keep to the bans that the linter cannot express': checkStyle,
  'the architecture page shows the layers and packages as they are': checkArchitecturePage,
  'relative links in Markdown lead somewhere': checkLinks,
  'blocks of pages say what they are, and programs what they print': checkSnippets,
};
