import type { RecordBatch } from '@biquorum/kafka-wire';
import { type Log, LogManager, type LogManagerOptions, type TopicPartition } from '@biquorum/log';
import type { Ports } from '@biquorum/platform';
import { type MemoryHost, MemoryWorld } from '@biquorum/platform/testing';

/** Where tests keep their logs. */
export const DIRECTORY = '/logs';
/** Whose log most tests use. */
export const PARTITION: TopicPartition = { topic: 'orders', partition: 0 };

/** Opens the logs of a test. */
export function openLogs(ports: Ports, options: Partial<LogManagerOptions> = {}): Promise<LogManager> {
  return LogManager.open({ ports, directories: [DIRECTORY], ...options });
}

/** A batch as it was read back. */
export interface ReadBatch {
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly leaderEpoch: number;
  readonly bytes: Uint8Array;
}

/** All batches of a log from its start. */
export async function readAll(log: Log, from: number = log.logStartOffset): Promise<ReadBatch[]> {
  const batches: ReadBatch[] = [];
  for await (const batch of log.batches(from)) batches.push(readBatch(batch));
  return batches;
}

/** A copy of a batch and what its header says. */
export function readBatch(batch: RecordBatch): ReadBatch {
  return {
    baseOffset: batch.baseOffset,
    lastOffset: batch.lastOffset,
    leaderEpoch: batch.partitionLeaderEpoch,
    bytes: batch.bytes.slice(batch.position, batch.end),
  };
}

/** Runs a test in a world of its own, from its seed, with one host. */
export async function inWorld<T>(
  seed: number,
  test: (ports: Ports, world: MemoryWorld, host: MemoryHost) => Promise<T>,
): Promise<T> {
  const world = new MemoryWorld({ seed });
  const host = world.addHost('broker');
  return world.run(() => test(host.ports, world, host));
}

/** Lets virtual time pass. */
export function passTime(ports: Ports, durationMs: number): Promise<void> {
  return new Promise((resolve) => {
    ports.timers.set(durationMs, resolve);
  });
}
