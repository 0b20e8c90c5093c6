import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
const FILES = ['./zab-paper', '../bugs/synchronisation', '../bugs/election', '../bugs/broadcast'];

test("docs/zab-claims.md lists every test of a claim or a bug of the engine, and before the servers' bugs nothing else", () => {
  const titles = FILES.flatMap((name) =>
    [...read(`${name}.test.ts`).matchAll(/\btest\(\s*(['"])(.*?)\1,/gs)].map((match) => match[2] as string),
  ).filter((title) => !title.startsWith('the runs are worth something'));
  const [engine = ''] = read('../../../../docs/zab-claims.md').split("## Bugs of ZooKeeper's servers");
  const listed = [...engine.matchAll(/^\| .* \| (.*) \|$/gm)]
    .map((match) => (match[1] as string).trim())
    .filter((title) => title !== 'test' && !/^-+$/.test(title));
  expect(titles.length).toBeGreaterThan(50);
  expect(listed.sort()).toEqual(titles.sort());
});
