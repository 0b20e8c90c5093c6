import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { makeTemporaryDirectory } from '@biquorum/platform/node';
import { play, type Request } from './support/load.ts';

// What a server's process takes in memory for a large tree: made over the wire as a client makes it, with log and
// snapshots; then changed in part, so that one more snapshot is written of all of it; then started again on its files.
// By hand: node --conditions=@biquorum/source packages/zookeeper/bench/memory.ts [--znodes 1000000] [--data 0,100]
//   [--shape flat,folders] [--name 11] [--limit 400]

const { values } = parseArgs({
  options: {
    znodes: { type: 'string', default: '1000000' },
    /** Bytes of data of each znode. */
    data: { type: 'string', default: '0,100' },
    /** All below one znode, or a thousand below each of as many as it takes. */
    shape: { type: 'string', default: 'flat,folders' },
    /** How long the znodes' own names are. */
    name: { type: 'string', default: '11' },
    /** Megabytes (10^6 bytes) that may be resident at any moment; the command fails over it. 0: any. */
    limit: { type: 'string', default: '0' },
  },
});
const FOLDER = 1_000;
const CHANGED = 150_000;
const SETTLED_MS = 2_000;

interface Memory {
  readonly rss: number;
  readonly peak: number;
  readonly heapUsed: number;
  readonly heapTotal: number;
  readonly external: number;
  readonly znodes: number;
}

const [znodes, nameLength, limit] = [Number(values.znodes), Number(values.name), Number(values.limit) * 1e6];
let over = false;
for (const shape of values.shape.split(',')) {
  for (const dataBytes of values.data.split(',').map(Number)) {
    const directory = await makeTemporaryDirectory('biquorum-memory-');
    try {
      await measure(directory, shape, new Uint8Array(dataBytes).fill(0x61));
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }
}
process.exitCode = over ? 1 : 0;

async function measure(directory: string, shape: string, data: Uint8Array): Promise<void> {
  console.log(`${znodes.toLocaleString('en')} znodes, ${shape}, ${data.length} bytes of data, names of ${nameLength}`);
  const startedMs = performance.now();
  const took = (): string => `${((performance.now() - startedMs) / 1e3).toFixed(1)} s`;
  const first = await start(directory);
  await tell(first.child, 'empty');
  await play(first.port, creations(shape, data));
  await tell(first.child, `created (${took()})`);
  await play(first.port, changes(shape, data));
  await tell(first.child, `${CHANGED.toLocaleString('en')} changed, a snapshot`);
  await delay(SETTLED_MS);
  await tell(first.child, 'two seconds later');
  await stop(first.child);
  const againMs = performance.now();
  const again = await start(directory);
  await tell(again.child, `started again (${((performance.now() - againMs) / 1e3).toFixed(1)} s)`);
  await delay(SETTLED_MS);
  await tell(again.child, 'two seconds later');
  await play(again.port, changes(shape, data));
  await tell(again.child, `${CHANGED.toLocaleString('en')} changed, a snapshot`);
  await stop(again.child);
}

function* creations(shape: string, data: Uint8Array): Generator<Request, void, void> {
  for (let count = 0; count < znodes; count++) {
    if (shape !== 'flat' && count % FOLDER === 0) yield { op: 'create', path: folder(count), data };
    yield { op: 'create', path: pathOf(shape, count), data };
  }
}

function* changes(shape: string, data: Uint8Array): Generator<Request, void, void> {
  for (let count = 0; count < Math.min(CHANGED, znodes); count++) {
    yield { op: 'setData', path: pathOf(shape, count), data };
  }
}

function pathOf(shape: string, count: number): string {
  const name = `node-${count}`.padEnd(nameLength, '-');
  return shape === 'flat' ? `/${name}` : `${folder(count)}/${name}`;
}

function folder(count: number): string {
  return `/folder-${Math.floor(count / FOLDER)}`;
}

async function start(directory: string): Promise<{ readonly child: ChildProcess; readonly port: number }> {
  const child = fork(new URL('./support/server.ts', import.meta.url), [directory]);
  const [message] = await once(child, 'message');
  return { child, port: (message as { readonly port: number }).port };
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

async function tell(child: ChildProcess, when: string): Promise<void> {
  child.send('memory');
  const [message] = await once(child, 'message');
  const { rss, peak, heapUsed, heapTotal, external, znodes: count } = message as Memory;
  if (limit > 0 && peak > limit) over = true;
  const mb = (bytes: number): string => String(Math.round(bytes / 1e6)).padStart(4);
  console.log(
    `  ${when.padEnd(32)} resident ${mb(rss)} MB, at most ${mb(peak)} MB; ` +
      `heap ${mb(heapUsed)} of ${mb(heapTotal)} MB, outside ${mb(external)} MB; ${count.toLocaleString('en')} znodes`,
  );
}
