import { UsageError } from '../command.ts';

/** Splits a line at blanks; quotes, single or double, keep words together. @throws UsageError for a quote without its end */
export function wordsOf(line: string): readonly string[] {
  const words: string[] = [];
  for (const match of line.matchAll(/"([^"]*)"|'([^']*)'|(["'])|(\S+)/g)) {
    if (match[3] !== undefined) throw new UsageError(`a quote (${match[3]}) is not closed.`);
    words.push(match[1] ?? match[2] ?? match[4] ?? '');
  }
  return words;
}
