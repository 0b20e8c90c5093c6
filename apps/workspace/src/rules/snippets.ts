import type { Finding } from '../finding.ts';
import { pageOf } from '../snippets/page.ts';
import type { Tree } from '../tree.ts';

/** The pages whose programs and commands run: all but those of measurements, whose commands take hours. */
export const PAGES_OF_THE_WORKSPACE: RegExp =
  /^(README\.md|CONTRIBUTING\.md|docs\/(?!(?:performance|compare)\.md).*\.md)$/;
const READMES_OF_PACKAGES = /^packages\/[^/]+\/README\.md$/;

/**
 * Blocks of pages that run say what they are, programs among them show what they print, and every package shows one.
 * Whether that is true is found by running them.
 */
export function checkSnippets(tree: Tree): readonly Finding[] {
  const findings: Finding[] = [];
  for (const [path, text] of tree.files) {
    const isReadme = READMES_OF_PACKAGES.test(path);
    if (!isReadme && !PAGES_OF_THE_WORKSPACE.test(path)) continue;
    const page = pageOf(path, text);
    findings.push(...page.findings);
    if (isReadme && !page.snippets.some(({ kind }) => kind === 'program'))
      findings.push({
        path,
        line: 0,
        message: 'has no program. Instead: show one that uses the package, in a block "ts".',
      });
  }
  return findings;
}
