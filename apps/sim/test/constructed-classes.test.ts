import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const script = fileURLToPath(new URL('support/constructed-classes.ts', import.meta.url));

function constructedIn(world: 'production' | 'simulation'): readonly string[] {
  const args = ['--conditions=@biquorum/source', script, world];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 110_000 });
  const last = stdout.trim().split('\n').at(-1) ?? '';
  if (!last.startsWith('[')) throw new Error(`no list of classes from ${world}: ${stderr}`);
  return JSON.parse(last);
}

test('simulated nodes are made of the classes of production, one and all', () => {
  const production = constructedIn('production');
  const simulation = constructedIn('simulation');
  for (const name of ['broker/broker.ts#Broker', 'kraft/plane/kraft-plane.ts#KraftPlane', 'log/log/log.ts#Log']) {
    expect(production).toContain(name);
  }
  expect(production.length).toBeGreaterThan(80);
  expect(simulation).toEqual(production);
}, 240_000);
