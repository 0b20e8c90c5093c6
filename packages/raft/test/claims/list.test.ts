import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

test('docs/raft-claims.md lists every claim test, and nothing else', () => {
  const titles = ['raft-paper', 'kips', 'kraft'].flatMap((name) =>
    [...read(`./${name}.test.ts`).matchAll(/\btest(?:\.each\([\s\S]*?\]\))?\(\s*(['"])(.*?)\1,/g)].map(
      (match) => match[2],
    ),
  );
  const listed = [...read('../../../../docs/raft-claims.md').matchAll(/^\| .* \| .* \| (.*) \|$/gm)]
    .map((match) => (match[1] as string).trim())
    .filter((title) => title !== 'test' && !/^-+$/.test(title));
  expect(titles.length).toBeGreaterThan(60);
  expect(listed.sort()).toEqual(titles.sort());
});
