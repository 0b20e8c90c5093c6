import type { Commands, Program } from './page.ts';

/** What snippets of a page printed. */
export type Printed = ReadonlyMap<Program | Commands, string>;

/**
 * The page with what its snippets printed in the place of what it showed. Only where a snippet has one block of output
 * and nothing of it stands for what varies.
 */
export function writeBack(text: string, printed: Printed): string {
  const lines = text.split('\n');
  const changes = [...printed].flatMap(([{ expected }, output]) => {
    if (expected.kind !== 'whole') return [];
    const [block, ...others] = expected.blocks;
    if (block === undefined || others.length > 0 || block.lines.some((line) => line.includes('…'))) return [];
    return [{ at: block.line - 1, count: block.lines.length, with: output.trimEnd().split('\n') }];
  });
  for (const change of changes.sort((a, b) => b.at - a.at)) lines.splice(change.at, change.count, ...change.with);
  return lines.join('\n');
}
