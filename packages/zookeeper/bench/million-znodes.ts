import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createNodePorts, makeTemporaryDirectory } from '@biquorum/platform/node';
import { OPEN_ACL, OpCode } from '@biquorum/zookeeper-wire';
import { StandaloneServer, StandaloneStorage, storageOptions } from '../src/index.ts';

// What a large tree takes: to be logged, to be written as a snapshot while the server goes on, to be read at a start.
// By hand: node --conditions=@biquorum/source packages/zookeeper/bench/million-znodes.ts [znodes] [bytes of data]

const [znodes = '1000000', dataBytes = '100', given] = process.argv.slice(2);
const COUNT = Number(znodes);
const PARENTS = 1_000;
const BATCH = 1_000;

if (given === undefined) await fillAndStartAgain();
else await start(given);
process.exit(0);

async function fillAndStartAgain(): Promise<void> {
  const directory = await makeTemporaryDirectory('biquorum-znodes-');
  try {
    const { alone, storage, turn } = await open(directory);
    const data = new Uint8Array(Number(dataBytes)).fill(0x61);
    const filled = stopwatch();
    for (let count = 0; count < COUNT; count++) {
      const path = count < PARENTS ? `/parent${count}` : `/parent${count % PARENTS}/node-${count}`;
      const request = { type: OpCode.create, request: { path, data, acl: OPEN_ACL, flags: 0 } };
      alone.submit({ sessionId: 1n, cxid: count, request, ids: [], owner: null });
      if (storage.waiting >= BATCH) while (storage.waiting > 0) await turn();
    }
    while (storage.waiting > 0) await turn();
    console.log(`${COUNT.toLocaleString('en')} znodes of ${dataBytes} bytes created: ${filled()}`);
    let ended = false;
    let longestMs = 0;
    const written = stopwatch();
    storage.takeSnapshot();
    void storage.idle().then(() => {
      ended = true;
    });
    for (let last = performance.now(); !ended; ) {
      await turn();
      longestMs = Math.max(longestMs, performance.now() - last);
      last = performance.now();
    }
    console.log(`snapshot: ${written()}, the longest turn of the loop ${longestMs.toFixed(0)} ms`);
    await storage.close();
    // In a process of its own: what garbage the filling has left is none of its memory.
    const args = [...process.execArgv, import.meta.filename, znodes, dataBytes, directory];
    spawnSync(process.execPath, args, { stdio: 'inherit' });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function start(directory: string): Promise<void> {
  const restored = stopwatch();
  const { alone } = await open(directory);
  const { rss, heapUsed, external } = process.memoryUsage();
  const inMiB = [rss, heapUsed, external].map((bytes) => Math.round(bytes / 2 ** 20));
  console.log(`started on it: ${restored()}, ${alone.tree.nodeCount.toLocaleString('en')} nodes`);
  console.log(`memory: ${inMiB[0]} MiB resident, ${inMiB[1]} heap, ${inMiB[2]} external`);
}

async function open(dataDir: string): Promise<{
  alone: StandaloneServer;
  storage: StandaloneStorage;
  turn: () => Promise<void>;
}> {
  const ports = createNodePorts();
  let storage: StandaloneStorage | undefined;
  const alone = new StandaloneServer({ clock: ports.clock, log: (txn) => storage?.append(txn) });
  storage = await StandaloneStorage.open(storageOptions({ dataDir, snapCount: 1e9 }), ports, alone, {
    committed: (txn) => alone.committed(txn),
    failed: (error) => {
      throw error;
    },
  });
  alone.restored(storage.recovered.lastZxid);
  return { alone, storage, turn: () => new Promise((resolve) => ports.timers.soon(resolve)) };
}

/** Tells seconds of the clock and of the processor since it was made. */
function stopwatch(): () => string {
  const startMs = performance.now();
  const start = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(start);
    const [elapsed, own] = [(performance.now() - startMs) / 1e3, (user + system) / 1e6];
    return `${elapsed.toFixed(1)} s, ${own.toFixed(1)} s of processor time`;
  };
}
