import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What `docs/known-differences.md` says of that which a broker announces. */
export interface KnownDifferences {
  /** Keys that rows call not announced, each with how many rows do. */
  readonly notAnnounced: ReadonlyMap<number, number>;
}

const PAGE = join(import.meta.dirname, '..', '..', '..', '..', 'docs', 'known-differences.md');
/** Keys in brackets after their names: `(4–7)`, `(71, 72; 3.9 announces them only with a plugin)`. */
const KEYS = /\((\d+(?:[–, ]+\d+)*)(?:;[^)]*)?\)/g;

export function readKnownDifferences(page: string = readFileSync(PAGE, 'utf8')): KnownDifferences {
  const rows = page
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|')[2] ?? '');
  const notAnnounced = new Map<number, number>();
  for (const row of rows) {
    // A key in brackets after the last "not announced" stands for something else.
    const end = row.lastIndexOf('not announced');
    if (end < 0) continue;
    for (const [, list = ''] of row.slice(0, end).matchAll(KEYS)) {
      for (const key of numbersIn(list)) notAnnounced.set(key, (notAnnounced.get(key) ?? 0) + 1);
    }
  }
  return { notAnnounced };
}

/** `24–26, 50` as 24, 25, 26 and 50. */
function numbersIn(list: string): readonly number[] {
  return list.split(', ').flatMap((part) => {
    const [first = NaN, last = first] = part.split('–').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}
