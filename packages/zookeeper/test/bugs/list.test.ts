import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
const page = read('../../../../docs/zab-claims.md');
const FILES = ['requests', 'replay', 'peers'];

/** Bugs of ZooKeeper that lost, doubled or mixed up something, or kept servers from serving. */
const KNOWN = [
  2845, 3911, 3023, 4646, 4643, 4785, 4685, 4394, 4712, 4541, 4409, 4925, 3642, 5094, 4837, 2846, 2418, 3104, 1154,
  1156, 1277, 1319, 1367, 2355, 3144, 3145, 4846, 2623, 4306, 2101, 3496, 1624, 1732, 1805, 1818, 3109, 2164, 3769,
  4787, 3720, 2332, 2678, 4537, 4471, 4472, 4466, 4475, 4743, 4026,
];

test('docs/zab-claims.md lists every scenario of a bug of the server', () => {
  const titles = FILES.flatMap((name) =>
    [...read(`${name}.test.ts`).matchAll(/(['"])(ZOOKEEPER-\d+.*?)\1,/g)].map((match) => match[2] as string),
  );
  const [, servers = ''] = page.split("## Bugs of ZooKeeper's servers");
  const listed = [...servers.matchAll(/^\| .*? \| (ZOOKEEPER-.*) \|$/gm)].map((match) => (match[1] as string).trim());
  expect(titles.length).toBeGreaterThan(14);
  expect(listed.sort()).toEqual(titles.sort());
});

test('every bug that is known to avoid has a scenario of its number', () => {
  const rows = [...page.matchAll(/^\| .*? \| (ZOOKEEPER-[\d, ]+): .* \|$/gm)].map((match) => match[1] as string);
  const numbers = new Set(rows.flatMap((row) => [...row.matchAll(/\d+/g)].map(Number)));
  expect(KNOWN.filter((number) => !numbers.has(number))).toEqual([]);
});
