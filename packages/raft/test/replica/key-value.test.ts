import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReplicaError } from '@biquorum/consensus';
import { createNodePorts } from '@biquorum/platform/node';
import { afterEach, expect, test } from 'vitest';
import { KeyValueStore } from './key-value.ts';

const WAIT_MS = 90_000;
const directories: string[] = [];
const stores: KeyValueStore[] = [];

afterEach(async () => {
  await Promise.all(stores.splice(0).map(({ replica }) => replica.close()));
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

test('the example of the README is this program, and shorter than forty lines', () => {
  const program = readFileSync(new URL('./key-value.ts', import.meta.url), 'utf8');
  expect(program.trimEnd().split('\n').length).toBeLessThan(40);
  for (const page of ['../../README.md', '../../../consensus/README.md']) {
    expect(readFileSync(new URL(page, import.meta.url), 'utf8')).toContain(`\n${program}\`\`\`\n`);
  }
});

test(
  'three members over TCP and disk agree, lose one, and take it back',
  async () => {
    const root = mkdtempSync(join(tmpdir(), 'biquorum-key-value-'));
    directories.push(root);
    const ports = await freePorts(3);
    const peers = ports.map((port, id) => ({ id, address: `127.0.0.1:${port}` }));
    for (const { id } of peers)
      stores.push(await KeyValueStore.open(id, peers, join(root, `${id}`), createNodePorts()));

    await onLeader((store) => store.set('colour', 'blue'));
    expect(await onLeader((store) => store.get('colour'))).toBe('blue');

    const lost = (stores.findIndex(({ replica }) => replica.status().leading) + 3) % 3;
    const [gone] = stores.splice(lost, 1);
    await gone?.replica.close();
    await onLeader((store) => store.set('colour', 'green'));
    expect(await onLeader((store) => store.get('colour'))).toBe('green');

    const back = await KeyValueStore.open(lost, peers, join(root, `${lost}`), createNodePorts());
    stores.push(back);
    // A handover is a wish: on a busy machine another member may be quicker.
    const handOver = async (): Promise<boolean> => {
      if (!back.replica.status().leading) await onLeader((store) => store.replica.transferLeadership(lost));
      return back.replica.status().leading;
    };
    await expect.poll(handOver, { timeout: WAIT_MS }).toBe(true);
    expect(await onLeader((store) => store.get('colour'))).toBe('green');
  },
  2 * WAIT_MS,
);

/** Asks members in turn until the one that leads answers. */
async function onLeader<Answer>(ask: (store: KeyValueStore) => Promise<Answer>): Promise<Answer> {
  let answer: { value: Answer } | undefined;
  await expect
    .poll(
      async () => {
        for (const store of stores) {
          try {
            answer = { value: await ask(store) };
            return true;
          } catch (error) {
            if (!(error instanceof ReplicaError)) throw error;
          }
        }
        return false;
      },
      { timeout: WAIT_MS },
    )
    .toBe(true);
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
