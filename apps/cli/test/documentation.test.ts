import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { commands } from '../src/commands/index.ts';
import { commandLinePage } from '../src/documentation.ts';

it('the page about the command line says what the commands say of themselves', async () => {
  const page = readFileSync(new URL('../../../docs/command-line.md', import.meta.url), 'utf8');
  const remedy = 'docs/command-line.md is out of date: pnpm --filter @biquorum/cli generate';
  expect(page === (await commandLinePage(commands)), remedy).toBe(true);
});
