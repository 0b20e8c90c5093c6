import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

it('the example of the README runs as told', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const example = /```ts\n(.*?)```/s.exec(readme)?.[1] ?? '';
  const printed = execFileSync(
    process.execPath,
    ['--conditions=@biquorum/source', '--input-type=module-typescript', '--eval', example],
    { cwd: fileURLToPath(new URL('..', import.meta.url)), encoding: 'utf8' },
  );
  const lines = printed.trim().split('\n');
  expect(lines.filter((line) => !line.startsWith('sees'))).toEqual([
    'lead orders 0 in 0',
    'created: NONE',
    'left here: 1',
  ]);
  expect(lines[0]).toBe('sees 0 topics');
  expect(lines).toContain('sees 1 topics');
});
