import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What `docs/known-differences.md` says of that which a broker announces. */
export interface KnownDifferences {
  /** Keys that rows call not announced by brokers, each with how many rows do. */
  readonly notAnnounced: ReadonlyMap<number, number>;
  /** The same of rows about controllers. */
  readonly notAnnouncedByControllers: ReadonlyMap<number, number>;
}

const PAGE = join(import.meta.dirname, '..', '..', '..', '..', 'docs', 'known-differences.md');
/** Keys in brackets after their names: `(4–7)`, `(71, 72; 3.9 announces them only with a plugin)`. */
const KEYS = /\((\d+(?:[–, ]+\d+)*)(?:;[^)]*)?\)/g;

export function readKnownDifferences(page: string = readFileSync(PAGE, 'utf8')): KnownDifferences {
  const rows = page
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => {
      const [, where = '', what = ''] = line.split('|');
      return { where: where.trim(), what };
    });
  const ofControllers = rows.filter(({ where }) => where === 'controllers');
  const ofBrokers = rows.filter(({ where }) => where !== 'controllers').map(({ what }) => what);
  return {
    notAnnounced: keysNotAnnounced(ofBrokers),
    notAnnouncedByControllers: keysNotAnnounced(ofControllers.map(({ what }) => what)),
  };
}

/** How many rows call a key not announced. */
function keysNotAnnounced(rows: readonly string[]): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  for (const row of rows) {
    // A key in brackets after the last "not announced" stands for something else.
    const end = row.lastIndexOf('not announced');
    if (end < 0) continue;
    for (const [, list = ''] of row.slice(0, end).matchAll(KEYS)) {
      for (const key of numbersIn(list)) found.set(key, (found.get(key) ?? 0) + 1);
    }
  }
  return found;
}

/** `24–26, 50` as 24, 25, 26 and 50. */
function numbersIn(list: string): readonly number[] {
  return list.split(', ').flatMap((part) => {
    const [first = NaN, last = first] = part.split('–').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}
