import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from '@biquorum/bench';
import { createReplica, onDisk, overTcp } from '@biquorum/consensus';
import { createNodePorts } from '@biquorum/platform/node';
import { raft } from '@biquorum/raft';
import { BareLeader } from './support/bare.ts';
import { startChild } from './support/children.ts';
import { ClosedLoop, latencyTable } from './support/load.ts';

// Three processes each: this one leads, two children follow. Every entry is on two disks before it counts.

const root = mkdtempSync(join(tmpdir(), 'biquorum-bench-'));
process.on('exit', () => rmSync(root, { recursive: true, force: true }));
const entry = new Uint8Array(100).fill(7);

const bare = await bareLeader('bare', 0);
// What raft's log does, too, so that both kinds of bare disk work can be compared with.
const prewritten = await bareLeader('prewritten', 16 * 1024 * 1024);

const ports = createNodePorts();
const peers = [];
for (const id of [0, 1, 2]) peers.push({ id, address: `127.0.0.1:${await freePort()}` });
for (const { id } of peers.slice(1)) {
  await startChild('raft-member.ts', `${id}`, JSON.stringify(peers), join(root, `raft-${id}`));
}
const leader = await createReplica({
  engine: raft({ electionTimeoutMs: 100 }),
  id: 0,
  peers,
  ports,
  storage: onDisk(join(root, 'raft-0')),
  network: overTcp(),
  machine: { apply: () => {}, snapshot: () => new Uint8Array(0), restore: () => {} },
  limits: { snapshotEvery: 1_000_000 },
});
while (!leader.status().leading) await new Promise<void>((resolve) => void ports.timers.set(20, resolve));

for (const [outstanding, count] of [
  [1, 50],
  [64, 2_000],
  [1024, 30_000],
] as const) {
  const loads = {
    'bare pipeline': new ClosedLoop(() => bare.propose(entry), outstanding, count),
    'bare, files written beforehand': new ClosedLoop(() => prewritten.propose(entry), outstanding, count),
    raft: new ClosedLoop(() => leader.propose(entry), outstanding, count),
  };
  await suite({
    title: `100-byte entries on a majority's disks, ${outstanding} outstanding (an operation is an entry committed)`,
    baseline: 'bare pipeline',
    opsPerCall: count,
    cases: Object.fromEntries(Object.entries(loads).map(([name, { run }]) => [name, run])),
  });
  console.log(`${latencyTable(loads, [0.5, 0.99])}\n`);
}
process.exit(0);

/** A leader without consensus, and its two followers. */
async function bareLeader(name: string, prewrittenBytes: number): Promise<BareLeader> {
  const sockets = [];
  for (const id of [1, 2]) {
    const port = await startChild('bare-follower.ts', join(root, `${name}-${id}`), `${prewrittenBytes}`);
    sockets.push(connect({ host: '127.0.0.1', port: port as number, noDelay: true }));
  }
  return new BareLeader(join(root, `${name}-0`), prewrittenBytes, sockets);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
