import fs from 'node:fs';
import { join } from 'node:path';
import { suite } from '@biquorum/bench';
import { BatchBuilder } from '@biquorum/kafka-wire';
import { LogManager, resolveLogConfig } from '@biquorum/log';
import { createNodePorts, makeTemporaryDirectory } from '@biquorum/platform/node';

/** A batch of records of 1 KiB that comes to about so many bytes. */
function batchOf(bytes: number): Uint8Array {
  const builder = new BatchBuilder();
  const value = new Uint8Array(1_000).map((_, index) => index * 7);
  for (let size = 0; size < bytes - 1_100; size += 1_010) builder.append(1, null, value);
  return builder.build();
}

const SEGMENT_BYTES = 64 * 1_024 * 1_024;
const RETAINED_BYTES = 2 * SEGMENT_BYTES;
const SYNC_BYTES = 16 * 1_024 * 1_024;

const ports = createNodePorts();
const directory = await makeTemporaryDirectory('biquorum-bench-');
const config = resolveLogConfig(
  new Map([
    ['segment.bytes', String(SEGMENT_BYTES)],
    ['retention.bytes', String(RETAINED_BYTES)],
    ['file.delete.delay.ms', '0'],
    ['max.message.bytes', String(4 * 1_024 * 1_024)],
  ]),
);
const logs = await LogManager.open({
  ports,
  directories: [join(directory, 'logs')],
  configOf: () => config,
  settings: { retentionCheckIntervalMs: 200, initialTaskDelayMs: 200, unflushedBytesPerLog: SYNC_BYTES },
});

/**
 * Writes bytes behind each other, to files that grow as those of a log do: of the same size, written back in the same
 * pieces, removed when they are as old.
 */
function bareWrites(name: string, bytes: Uint8Array): () => void {
  const path = (generation: number): string => join(directory, `${name}-${generation}`);
  let generation = 0;
  let fd = fs.openSync(path(0), 'w');
  let size = 0;
  let unsynced = 0;
  return () => {
    if (size + bytes.length > SEGMENT_BYTES) {
      const full = fd;
      fs.fdatasync(full, () => fs.closeSync(full));
      fs.rm(path(generation - RETAINED_BYTES / SEGMENT_BYTES), { force: true }, () => {});
      fd = fs.openSync(path(++generation), 'w');
      size = 0;
      unsynced = 0;
    }
    fs.writeSync(fd, bytes, 0, bytes.length, size);
    size += bytes.length;
    unsynced += bytes.length;
    if (unsynced < SYNC_BYTES) return;
    unsynced = 0;
    fs.fdatasync(fd, () => {});
  };
}

for (const [index, [title, bytes]] of (
  [
    ['16 KiB', 16 * 1_024],
    ['1 MiB', 1_024 * 1_024],
  ] as const
).entries()) {
  const batch = batchOf(bytes);
  const log = await logs.create({ topic: 'append', partition: index });
  await suite({
    title: `append batches of ${title}`,
    baseline: 'fs.writeSync',
    bytesPerOp: batch.length,
    cases: {
      'fs.writeSync': {
        setup: () => bareWrites(`bare-${index}`, batch),
      },
      'as follower, header and CRC checked': {
        setup: () => {
          const copy = batch.slice();
          const view = new DataView(copy.buffer);
          return () => {
            view.setBigInt64(0, BigInt(log.endOffset));
            log.appendAsFollower(copy);
          };
        },
      },
      'as leader, every record walked': {
        setup: () => {
          const copy = batch.slice();
          const view = new DataView(copy.buffer);
          return () => {
            view.setBigInt64(0, 0n);
            log.appendAsLeader(copy, { leaderEpoch: 0 });
          };
        },
      },
    },
  });

  const wanted = { maxBytes: batch.length, atLeastOneBatch: true };
  const into = new Uint8Array(batch.length);
  await suite({
    title: `read ${title} at the end of a log`,
    baseline: 'fs.readSync',
    bytesPerOp: batch.length,
    cases: {
      'fs.readSync': {
        setup: () => {
          const fd = fs.openSync(join(directory, `bare-read-${index}`), 'w+');
          fs.writeSync(fd, batch);
          return () => fs.readSync(fd, into, 0, into.length, 0);
        },
      },
      'Log.tryRead and its slice': {
        setup: () => {
          const read = batch.slice();
          log.appendAsLeader(read, { leaderEpoch: 0 });
          const startOffset = log.endOffset - 1;
          return () => {
            const found = log.tryRead({ ...wanted, startOffset, upperBound: log.endOffset });
            const slice = found?.slice;
            if (slice === undefined) throw new Error('nothing was read');
            slice.file.readSync(slice.position, into.subarray(0, slice.byteLength));
            slice.release();
          };
        },
      },
    },
  });
}

await logs.close();
await ports.close();
fs.rmSync(directory, { recursive: true });
