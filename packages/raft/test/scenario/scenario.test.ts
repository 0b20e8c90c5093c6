import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { playScenario } from './run-scenario.ts';

// UPDATE_SCENARIOS=1 vitest run packages/raft/test/scenario writes down what happens now; review it as a diff.
const record = process.env['UPDATE_SCENARIOS'] !== undefined;
const folder = new URL('./', import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith('.scenario.txt'));

test('there are scenarios', () => {
  expect(names.length).toBeGreaterThanOrEqual(6);
});

test.each(names)('%s happens as it was written down', (name) => {
  const url = new URL(name, folder);
  const written = readFileSync(url, 'utf8');
  const played = playScenario(written);
  if (record) writeFileSync(url, played);
  expect(played).toBe(record ? played : written);
});
