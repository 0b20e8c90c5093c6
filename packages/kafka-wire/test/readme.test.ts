import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

it('the example of the README prints what its comments say', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const example = /```ts\n(.*?)```/s.exec(readme)?.[1] ?? '';
  const promised = example.split('\n').flatMap((line) => /console\.log\(.*; \/\/ (.*)$/.exec(line)?.[1] ?? []);
  expect(promised).toHaveLength(2);
  const printed = execFileSync(
    process.execPath,
    ['--conditions=@biquorum/source', '--input-type=module-typescript', '--eval', example],
    { cwd: fileURLToPath(new URL('..', import.meta.url)), encoding: 'utf8' },
  );
  expect(printed.trim().split('\n')).toEqual(promised);
});
