import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Disk, DiskFile, OpenMode } from '@biquorum/platform';
import { createNodePorts } from '@biquorum/platform/node';
import { MemoryWorld } from '@biquorum/platform/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

// Whatever is done to a disk, the operating system and the memory answer alike.

const names = ['a', 'b', 'd', 'd/a', 'd/b', 'd/e', 'd/e/a', 'a/a'];
const path = fc.constantFrom(...names);
const position = fc.oneof(fc.nat(40), fc.nat(20_000));
const length = fc.oneof(fc.nat(40), fc.nat(10_000));

type Step =
  | { readonly do: 'open'; readonly path: string; readonly mode: OpenMode }
  | { readonly do: 'write'; readonly position: number; readonly lengths: number[]; readonly byte: number }
  | { readonly do: 'truncate' | 'allocate'; readonly size: number }
  | { readonly do: 'read' | 'readSync'; readonly position: number; readonly length: number }
  | { readonly do: 'size' | 'sync' | 'close' }
  | {
      readonly do: 'list' | 'stat' | 'makeDirectory' | 'remove' | 'removeTree' | 'syncDirectory';
      readonly path: string;
    }
  | { readonly do: 'rename'; readonly path: string; readonly to: string }
  | { readonly do: 'replace'; readonly path: string; readonly length: number; readonly byte: number }
  | { readonly do: 'readWhole'; readonly path: string; readonly length: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('open' as const),
      path,
      mode: fc.constantFrom<OpenMode>('read', 'write', 'create', 'create-new'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('write' as const),
      position,
      lengths: fc.array(length, { maxLength: 4 }),
      byte: fc.nat(255),
    }),
  },
  fc.record({ do: fc.constantFrom('truncate' as const, 'allocate' as const), size: position }),
  fc.record({ do: fc.constantFrom('read' as const, 'readSync' as const), position, length }),
  fc.record({ do: fc.constantFrom('size' as const, 'sync' as const, 'close' as const) }),
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'list' as const,
        'stat' as const,
        'makeDirectory' as const,
        'remove' as const,
        'removeTree' as const,
        'syncDirectory' as const,
      ),
      path,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('rename' as const), path, to: path }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('replace' as const), path, length, byte: fc.nat(255) }) },
  fc.record({ do: fc.constant('readWhole' as const), path, length }),
);

/** Does the steps one after the other, and tells how each ended. Steps on a file use the one opened last. */
async function perform(disk: Disk, root: string, steps: readonly Step[]): Promise<unknown[]> {
  const outcomes: unknown[] = [];
  let file: DiskFile | undefined;
  for (const step of steps) {
    try {
      if (step.do === 'open') {
        await file?.close();
        file = undefined;
        file = disk.open(`${root}/${step.path}`, step.mode);
        outcomes.push('opened');
      } else {
        outcomes.push(await performOne(disk, root, file, step));
      }
    } catch (error) {
      const { name, code } = error as { name: string; code?: string };
      outcomes.push(`${name} ${code}`);
    }
  }
  await file?.close();
  return outcomes;
}

async function performOne(disk: Disk, root: string, file: DiskFile | undefined, step: Step): Promise<unknown> {
  switch (step.do) {
    case 'open':
      return undefined;
    case 'write':
      return file?.write(
        step.position,
        step.lengths.map((length, index) => new Uint8Array(length).fill(step.byte + index)),
      );
    case 'truncate':
    case 'allocate':
      return file?.[step.do](step.size);
    case 'read':
    case 'readSync': {
      const into = new Uint8Array(step.length);
      return [await file?.[step.do](step.position, into), into.join()];
    }
    case 'size':
    case 'sync':
    case 'close':
      return file?.[step.do]();
    case 'stat': {
      const status = await disk.stat(`${root}/${step.path}`);
      return [status?.kind, status?.kind === 'file' ? status.size : undefined];
    }
    case 'list':
    case 'makeDirectory':
    case 'remove':
    case 'removeTree':
    case 'syncDirectory':
      return disk[step.do](`${root}/${step.path}`);
    case 'rename':
      return disk.rename(`${root}/${step.path}`, `${root}/${step.to}`);
    case 'replace':
      return disk.replace(`${root}/${step.path}`, new Uint8Array(step.length).fill(step.byte));
    case 'readWhole':
      return (await disk.readWhole(`${root}/${step.path}`, step.length)).join();
  }
}

describe('the disk of the operating system and the disk in memory', () => {
  it('answer alike, whatever is done to them', async () => {
    const node = createNodePorts();
    const kinds = new Set<unknown>();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 60, size: 'max' }), async (steps) => {
        const root = await mkdtemp(join(tmpdir(), 'biquorum-platform-'));
        try {
          const world = new MemoryWorld({ seed: 1 });
          const { disk } = world.addHost('one').ports;
          await world.run(disk.makeDirectory(root));
          const real = await perform(node.disk, root, steps);
          const memory = await world.run(() => perform(disk, root, steps));
          expect(memory).toEqual(real);
          for (const outcome of real) if (typeof outcome === 'string') kinds.add(outcome);
        } finally {
          await rm(root, { recursive: true });
        }
      }),
      { numRuns: 200 },
    );
    await node.close();
    // The walk is worth something only if it runs into every wall.
    for (const code of [
      'not-found',
      'exists',
      'is-directory',
      'not-a-directory',
      'not-empty',
      'closed',
      'read-only',
      'too-large',
    ]) {
      expect(kinds).toContain(`DiskError ${code}`);
    }
  });
});
