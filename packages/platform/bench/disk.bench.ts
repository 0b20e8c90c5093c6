import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from '@biquorum/bench';
import type { DiskFile } from '@biquorum/platform';
import { createNodePorts } from '@biquorum/platform/node';

const directory = fs.mkdtempSync(join(tmpdir(), 'biquorum-bench-'));
const { disk } = createNodePorts();

/** Appends go round in a file of this size, so that a long run does not fill the disk. */
const FILE_BYTES = 64 * 1_024 * 1_024;

const bare = (name: string): number => fs.openSync(join(directory, name), 'w+');
const ported = (name: string): DiskFile => disk.open(join(directory, name), 'create');

for (const [title, bytes] of [
  ['100 B', 100],
  ['16 KiB', 16 * 1_024],
  ['1 MiB', 1_024 * 1_024],
] as const) {
  const chunk = new Uint8Array(bytes).fill(1);
  await suite({
    title: `append ${title} to the page cache`,
    baseline: 'fs.writeSync',
    bytesPerOp: bytes,
    cases: {
      'fs.writeSync': {
        setup: () => {
          const fd = bare(`bare ${title}`);
          let position = 0;
          return () => {
            fs.writeSync(fd, chunk, 0, bytes, position);
            position = (position + bytes) % FILE_BYTES;
          };
        },
      },
      'DiskFile.write': {
        setup: () => {
          const file = ported(`port ${title}`);
          const chunks = [chunk];
          let position = 0;
          return () => {
            file.write(position, chunks);
            position = (position + bytes) % FILE_BYTES;
          };
        },
      },
    },
  });
}

const eight = Array.from({ length: 8 }, () => new Uint8Array(16 * 1_024));
await suite({
  title: 'append 8 × 16 KiB, gathered',
  baseline: 'fs.writevSync',
  bytesPerOp: 8 * 16 * 1_024,
  cases: {
    'fs.writevSync': {
      setup: () => {
        const fd = bare('bare gathered');
        return () => fs.writevSync(fd, eight, 0);
      },
    },
    'DiskFile.write': {
      setup: () => {
        const file = ported('port gathered');
        return () => file.write(0, eight);
      },
    },
  },
});

const into = new Uint8Array(64 * 1_024);
const warm = join(directory, 'warm');
fs.writeFileSync(warm, new Uint8Array(1_024 * 1_024));
await suite({
  title: 'read 64 KiB from the page cache',
  baseline: 'fs.readSync',
  bytesPerOp: into.length,
  cases: {
    'fs.readSync': {
      setup: () => {
        const fd = fs.openSync(warm, 'r');
        return () => fs.readSync(fd, into, 0, into.length, 0);
      },
    },
    'DiskFile.readSync': {
      setup: () => {
        const file = disk.open(warm, 'read');
        return () => file.readSync(0, into);
      },
    },
    'DiskFile.read': {
      setup: () => {
        const file = disk.open(warm, 'read');
        return () => file.read(0, into);
      },
    },
  },
});

fs.rmSync(directory, { recursive: true });
