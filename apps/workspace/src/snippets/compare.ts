import type { Expected } from './page.ts';

/**
 * Holds what was printed against what the page shows.
 *
 * @returns What is wrong, in words; undefined when nothing is.
 */
export function judgeOutput(expected: Expected, printed: string): string | undefined {
  const lines = printed
    .replace(/\s+$/, '')
    .split('\n')
    .map((line) => line.trimEnd());
  switch (expected.kind) {
    case 'none':
      return undefined;
    case 'lines': {
      const left = [...lines];
      for (const wanted of expected.lines) {
        const index = left.findIndex((line) => isLike(wanted, line));
        if (index < 0) return `printed no line "${wanted}", but:\n${printed}`;
        left.splice(index, 1);
      }
      return undefined;
    }
    case 'whole':
      return matches(expected.lines, lines) ? undefined : `printed something else:\n${printed}`;
    default:
      return expected satisfies never;
  }
}

/** Whether the lines are as shown, those that a lone `…` stands for left out. */
function matches(shown: readonly string[], lines: readonly string[]): boolean {
  const [first, ...rest] = shown;
  if (first === undefined) return lines.length === 0;
  if (first.trim() === '…') {
    for (let skipped = 0; skipped <= lines.length; skipped += 1) {
      if (matches(rest, lines.slice(skipped))) return true;
    }
    return false;
  }
  const [line, ...others] = lines;
  return line !== undefined && isLike(first, line) && matches(rest, others);
}

function isLike(shown: string, line: string): boolean {
  const pattern = shown
    .trimEnd()
    .split('…')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${pattern}$`).test(line.trimEnd());
}
