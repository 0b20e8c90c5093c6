import { type Disk, DiskError } from '@biquorum/platform';
import { MemoryWorld } from '@biquorum/platform/testing';
import { describe, expect, it } from 'vitest';
import { controlBatches } from '../../src/quorum/control-batches.ts';
import { encodeBatch } from '../../src/quorum/metadata-batches.ts';
import { MetadataStorage } from '../../src/quorum/metadata-storage.ts';
import { DEFAULT_QUORUM_SETTINGS } from '../../src/quorum/options.ts';
import { setRecord } from './support/recording-follower.ts';

const STATE = { epoch: 2, leader: -1, voted: 3, votedDirectory: '' };

function batch() {
  const payload = encodeBatch([setRecord('a', 'b')], { baseOffset: 0, epoch: 1, timestampMs: 0 });
  return { index: 0, span: 1, epoch: 1, kind: 'data' as const, payload };
}

/** A storage on a memory disk, of which some methods are others. */
async function opened(world: MemoryWorld, change: (disk: Disk) => Partial<Disk> = () => ({})) {
  const { ports } = world.addHost('node');
  await ports.disk.makeDirectory('/data');
  const changed = change(ports.disk);
  const disk = new Proxy(ports.disk, {
    get: (real, key) => {
      const value = Reflect.get(changed, key) ?? Reflect.get(real, key, real);
      return typeof value === 'function' ? value.bind(real) : value;
    },
  });
  const storage = await MetadataStorage.open({
    ports: { ...ports, disk },
    directory: '/data',
    settings: DEFAULT_QUORUM_SETTINGS,
    voters: [1, 2, 3],
    controls: controlBatches(() => 0, 'CONTROLLER'),
    listenerName: 'CONTROLLER',
    snapshotContent: () => null,
  });
  const events: string[] = [];
  await storage.open({
    written: (id) => events.push(`written ${id}`),
    snapshotWritten: () => {},
    snapshotInstalled: () => {},
    failed: (error) => events.push(`failed: ${(error as Error).name}`),
  });
  return { storage, events, disk };
}

describe('the storage of the metadata log', () => {
  it('is closed only when the state that is being put in place is there: the next run must not be overtaken by it', async () => {
    const world = new MemoryWorld({ seed: 1 });
    await world.run(async () => {
      const steps: string[] = [];
      const { storage } = await opened(world, (real) => ({
        async replace(path, bytes) {
          if (!path.endsWith('/quorum-state')) return real.replace(path, bytes);
          steps.push('begun');
          await new Promise<void>((resolve) => void world.host('node').ports.timers.set(50, resolve));
          await real.replace(path, bytes);
          steps.push('in place');
        },
      }));
      storage.write({ id: 1, durable: STATE });
      await Promise.resolve();
      expect(steps).toEqual(['begun']);
      await storage.close();
      expect(steps).toEqual(['begun', 'in place']);
    });
  });

  it('is closed also while a state waits for batches that are not durable', async () => {
    const world = new MemoryWorld({ seed: 2 });
    await world.run(async () => {
      const { storage, events } = await opened(world);
      storage.write({ id: 1, append: [batch()] });
      storage.write({ id: 2, durable: STATE });
      await storage.close();
      expect(events).toEqual([]);
    });
  });

  it('tells of a disk that fails while a state waits for batches, and does nothing more', async () => {
    const world = new MemoryWorld({ seed: 3 });
    await world.run(async () => {
      let fails = false;
      const { storage, events } = await opened(world, (real) => ({
        open(path, mode) {
          const file = real.open(path, mode);
          return new Proxy(file, {
            get: (target, key) => {
              const fault = new DiskError('io', { operation: 'sync', path });
              if (fails && key === 'sync') return () => Promise.reject(fault);
              const value = Reflect.get(target, key, target);
              return typeof value === 'function' ? value.bind(target) : value;
            },
          });
        },
      }));
      fails = true;
      storage.write({ id: 1, append: [batch()] });
      storage.write({ id: 2, durable: STATE });
      for (let turn = 0; turn < 100 && events.length === 0; turn++) {
        await new Promise<void>((resolve) => void world.host('node').ports.timers.set(1, resolve));
      }
      expect(events).toEqual(['failed: DiskError']);
      await storage.close();
    });
  });
});
