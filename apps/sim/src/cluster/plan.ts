import type { InitialQuorum } from '@biquorum/kraft';
import type { DiskOperation } from '@biquorum/platform';
import type { MemoryHostOptions } from '@biquorum/platform/testing';
import type { Prng } from '@biquorum/std';
import type { ClusterFamily } from './families.ts';

/** A node that is to be. */
export interface PlannedNode {
  readonly id: number;
  /** Name of its host. */
  readonly host: string;
  readonly isBroker: boolean;
  /** May it be the active controller? */
  readonly isController: boolean;
  readonly properties: ReadonlyMap<string, string>;
  /** Its log directories, below {@link DATA_DIRECTORY}; the first holds the metadata. */
  readonly directories: readonly string[];
  /**
   * How the quorum begins: voters in the properties, or written down when the storage is formatted (KIP-853). Null where
   * there is none.
   */
  readonly quorum: InitialQuorum | null;
  /** Whether a reset that a refused reconnect confirms counts as a peer's end. */
  readonly detectResets: boolean;
  readonly machine: MemoryHostOptions;
}

/** Where clients find brokers. */
export const BROKER_PORT = 9092;
/** Where a node keeps everything. */
export const DATA_DIRECTORY = '/data';
/** How many replicas hold a record before it is acknowledged. */
export const MIN_IN_SYNC = 2;

/** The name of a node's host. */
export function hostOf(id: number): string {
  return `node${id}`;
}

/** Draws whether a node's log lies in one directory or in two. */
export function drawDirectories(prng: Prng): readonly string[] {
  return prng.chance(0.7) ? [`${DATA_DIRECTORY}/a`] : [`${DATA_DIRECTORY}/a`, `${DATA_DIRECTORY}/b`];
}

/** Draws a machine's clock, and how slow its disk is. */
export function drawMachine(prng: Prng, families: ReadonlySet<ClusterFamily>): MemoryHostOptions {
  // A broker's rate may differ so far that it takes its session for longer than the controller does.
  const clock = { clockRate: prng.between(85, 115) / 100, wallOffsetMs: prng.between(-60_000, 60_000) };
  const disk = families.has('slowDisk') ? { diskLatencyMs: slowSyncs } : {};
  return { ...(families.has('clockDrift') ? clock : {}), ...disk };
}

/** Settings that brokers have in every mode. Times are short, so that a run holds many changes of the ISR. */
export function drawBrokerProperties(prng: Prng): Record<string, string> {
  return {
    'replica.lag.time.max.ms': `${prng.between(1_000, 4_000)}`,
    'replica.fetch.wait.max.ms': `${prng.between(100, 500)}`,
    'replica.socket.timeout.ms': `${prng.between(1_000, 4_000)}`,
    'replica.fetch.backoff.ms': `${prng.between(50, 500)}`,
    'num.replica.fetchers': `${prng.between(1, 2)}`,
    'default.replication.factor': '3',
    'min.insync.replicas': `${MIN_IN_SYNC}`,
    'offsets.topic.replication.factor': '3',
    'offsets.topic.num.partitions': `${prng.between(1, 2)}`,
    'auto.create.topics.enable': 'false',
    'leader.imbalance.check.interval.seconds': `${prng.between(2, 10)}`,
    'controlled.shutdown.enable': prng.chance(0.8) ? 'true' : 'false',
    'log.segment.bytes': `${prng.pick([2_000, 20_000, 1 << 20])}`,
    'log.index.interval.bytes': `${prng.pick([64, 4_096])}`,
    'log.segment.delete.delay.ms': `${prng.between(0, 3_000)}`,
  };
}

function slowSyncs(operation: DiskOperation, prng: Prng): number {
  if (operation !== 'sync') return 0.05;
  return prng.chance(0.02) ? prng.between(100, 1_500) : prng.between(1, 30);
}
