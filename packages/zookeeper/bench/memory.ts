import { rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { makeTemporaryDirectory } from '@biquorum/platform/node';
import { play, type Request } from './support/load.ts';
import { Servers } from './support/servers.ts';

// What servers' processes take in memory for a large tree: made over the wire as a client makes it, with log and
// snapshots; then changed in part, so that one more snapshot is written of all of it; then started again on their files.
// By hand, on Linux: node --conditions=@biquorum/source packages/zookeeper/bench/memory.ts [--znodes 1000000]
//   [--data 0,100] [--shape flat,folders] [--name 11,40] [--servers 1,3] [--main FILE] [--limit 400]

const { values } = parseArgs({
  options: {
    znodes: { type: 'string', default: '1000000' },
    /** Bytes of data of each znode. */
    data: { type: 'string', default: '0,100' },
    /** All below one znode, or a thousand below each of as many as it takes. */
    shape: { type: 'string', default: 'flat,folders' },
    /** How long the znodes' own names are. */
    name: { type: 'string', default: '11' },
    /** One that stands alone, or an ensemble. */
    servers: { type: 'string', default: '1' },
    /** Runs `biquorum`: the bundle that is shipped. By default a server from sources. */
    main: { type: 'string', default: fileURLToPath(new URL('./support/server.ts', import.meta.url)) },
    /** Megabytes (10^6 bytes) that may be resident at any moment; the command fails over it. 0: any. */
    limit: { type: 'string', default: '0' },
  },
});
const FOLDER = 1_000;
const CHANGED = 150_000;
const SETTLED_MS = 2_000;

/** What is measured in one go. */
interface Kind {
  readonly shape: string;
  readonly data: Uint8Array;
  readonly nameLength: number;
}

const [znodes, limit] = [Number(values.znodes), Number(values.limit) * 1e6];
let over = false;
for (const count of numbers(values.servers)) {
  for (const shape of values.shape.split(',')) {
    for (const nameLength of numbers(values.name)) {
      for (const dataBytes of numbers(values.data)) {
        const directory = await makeTemporaryDirectory('biquorum-memory-');
        try {
          await measure(directory, count, { shape, data: new Uint8Array(dataBytes).fill(0x61), nameLength });
        } finally {
          rmSync(directory, { recursive: true, force: true });
        }
      }
    }
  }
}
process.exitCode = over ? 1 : 0;

async function measure(directory: string, count: number, kind: Kind): Promise<void> {
  const { shape, data, nameLength } = kind;
  const what = `${znodes.toLocaleString('en')} znodes, ${shape}, ${data.length} bytes of data, names of ${nameLength}`;
  console.log(`${count === 1 ? 'alone' : `${count} servers`}: ${what}`);
  const servers = await Servers.make(directory, count, values.main);
  try {
    await servers.start();
    await tell(servers, 'empty');
    await timed(servers, 'created', () => play(servers.port, creations(kind)));
    await timed(servers, 'changed, a snapshot', () => play(servers.port, changes(kind)));
    await delay(SETTLED_MS);
    await tell(servers, 'two seconds later');
    await servers.kill();
    await timed(servers, 'started again', () => servers.start());
    await delay(SETTLED_MS);
    await tell(servers, 'two seconds later');
    await timed(servers, 'changed, a snapshot', () => play(servers.port, changes(kind)));
  } finally {
    await servers.kill();
  }
}

async function timed(servers: Servers, what: string, run: () => Promise<void>): Promise<void> {
  const startedMs = performance.now();
  await run();
  await servers.settled();
  await tell(servers, `${what} (${((performance.now() - startedMs) / 1e3).toFixed(1)} s)`);
}

function* creations({ shape, data, nameLength }: Kind): Generator<Request, void, void> {
  for (let count = 0; count < znodes; count++) {
    if (shape !== 'flat' && count % FOLDER === 0) yield { op: 'create', path: folder(count), data };
    yield { op: 'create', path: pathOf(shape, nameLength, count), data };
  }
}

function* changes({ shape, data, nameLength }: Kind): Generator<Request, void, void> {
  for (let count = 0; count < Math.min(CHANGED, znodes); count++) {
    yield { op: 'setData', path: pathOf(shape, nameLength, count), data };
  }
}

function pathOf(shape: string, nameLength: number, count: number): string {
  const name = `node-${count}`.padEnd(nameLength, '-');
  return shape === 'flat' ? `/${name}` : `${folder(count)}/${name}`;
}

function folder(count: number): string {
  return `/folder-${Math.floor(count / FOLDER)}`;
}

async function tell(servers: Servers, when: string): Promise<void> {
  for (const { role, znodes: count, resident, peak } of await servers.memory()) {
    if (limit > 0 && peak > limit) over = true;
    const mb = (bytes: number): string => String(Math.round(bytes / 1e6)).padStart(4);
    const figures = `resident ${mb(resident)} MB, at most ${mb(peak)} MB`;
    console.log(`  ${when.padEnd(32)} ${role.padEnd(10)} ${figures}; ${count.toLocaleString('en')} znodes`);
  }
}

function numbers(text: string): number[] {
  return text.split(',').map(Number);
}
