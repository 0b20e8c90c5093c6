import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const script = fileURLToPath(new URL('support/constructed-classes.ts', import.meta.url));

function constructedIn(world: 'production' | 'simulation', mode: string): readonly string[] {
  const args = ['--conditions=@biquorum/source', script, world, mode];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 110_000 });
  const last = stdout.trim().split('\n').at(-1) ?? '';
  if (!last.startsWith('[')) throw new Error(`no list of classes from ${world}: ${stderr}`);
  return JSON.parse(last);
}

test.each([
  ['kraft', ['kraft/plane/kraft-plane.ts#KraftPlane', 'cluster/kraft/node-server.ts#NodeServer']],
  [
    'zookeeper',
    [
      'zookeeper-controller/controller/term.ts#Term',
      'zookeeper-client/session/session.ts#Session',
      'cluster/zookeeper/zookeeper-server.ts#ZooKeeperServer',
    ],
  ],
] as const)(
  'simulated nodes of %s are made of the classes of production, one and all',
  (mode, its) => {
    const production = constructedIn('production', mode);
    const simulation = constructedIn('simulation', mode);
    for (const name of ['broker/broker.ts#Broker', 'log/log/log.ts#Log', ...its]) expect(production).toContain(name);
    expect(production.length).toBeGreaterThan(70);
    expect(simulation).toEqual(production);
  },
  240_000,
);
