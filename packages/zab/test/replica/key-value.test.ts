import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CapabilityError, createReplica, inMemory, overTcp, ReplicaError } from '@biquorum/consensus';
import { createNodePorts } from '@biquorum/platform/node';
import { zab } from '@biquorum/zab';
import { afterEach, expect, test } from 'vitest';
import { KeyValueStore } from './key-value.ts';

const WAIT_MS = 90_000;
const directories: string[] = [];
const stores: KeyValueStore[] = [];

afterEach(async () => {
  await Promise.all(stores.splice(0).map(({ replica }) => replica.close()));
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

test('the example of the README is this program, and but for the name of the engine the one of raft', () => {
  const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
  const program = read('./key-value.ts');
  expect(read('../../README.md')).toContain(`\n${program}\`\`\`\n`);
  const raft = program.replace("import { zab } from '@biquorum/zab';", "import { raft } from '@biquorum/raft';");
  expect(raft.replace('engine: zab()', 'engine: raft()')).toBe(read('../../../raft/test/replica/key-value.ts'));
});

test(
  'three members over TCP and disk agree, lose their leader, and take it back',
  async () => {
    const root = mkdtempSync(join(tmpdir(), 'biquorum-zab-'));
    directories.push(root);
    const ports = await freePorts(3);
    const peers = ports.map((port, id) => ({ id, address: `127.0.0.1:${port}` }));
    for (const { id } of peers)
      stores.push(await KeyValueStore.open(id, peers, join(root, `${id}`), createNodePorts()));

    await onLeader((store) => store.set('colour', 'blue'));
    expect(await onLeader((store) => store.get('colour'))).toBe('blue');

    const lost = stores.findIndex(({ replica }) => replica.status().leading);
    const [gone] = stores.splice(lost, 1);
    await gone?.replica.close();
    await onLeader((store) => store.set('colour', 'green'));
    expect(await onLeader((store) => store.get('colour'))).toBe('green');

    const back = await KeyValueStore.open(lost, peers, join(root, `${lost}`), createNodePorts());
    stores.push(back);
    const leader = stores.find(({ replica }) => replica.status().leading);
    const caughtUp = (): boolean => back.replica.status().applied >= (leader?.replica.status().applied ?? Infinity);
    await expect.poll(caughtUp, { timeout: WAIT_MS }).toBe(true);
  },
  2 * WAIT_MS,
);

test('what the engine does not declare is refused at construction', async () => {
  const [port] = await freePorts(1);
  const opened = createReplica({
    engine: zab(),
    id: 0,
    peers: [{ id: 0, address: `127.0.0.1:${port}` }],
    ports: createNodePorts(),
    machine: { apply: () => {}, snapshot: () => new Uint8Array(0), restore: () => {} },
    storage: inMemory(),
    network: overTcp(),
    needs: ['leadershipTransfer'],
  });
  await expect(opened).rejects.toThrow(CapabilityError);
});

/** Asks members in turn until the one that leads answers. */
async function onLeader<Answer>(ask: (store: KeyValueStore) => Promise<Answer>): Promise<Answer> {
  let answer: { value: Answer } | undefined;
  const asked = async (): Promise<boolean> => {
    for (const store of stores) {
      try {
        answer = { value: await ask(store) };
        return true;
      } catch (error) {
        if (!(error instanceof ReplicaError)) throw error;
      }
    }
    return false;
  };
  await expect.poll(asked, { timeout: WAIT_MS }).toBe(true);
  return (answer as { value: Answer }).value;
}

/** Ports that nobody listens on at the moment. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve) => {
          server.once('listening', () => {
            const address = server.address();
            resolve(typeof address === 'object' && address !== null ? address.port : 0);
          });
        }),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
