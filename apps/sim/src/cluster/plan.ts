import { uuidFromBytes } from '@biquorum/kafka-wire';
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
  readonly isController: boolean;
  readonly properties: ReadonlyMap<string, string>;
  /** Its log directories, below {@link DATA_DIRECTORY}; the first holds the metadata. */
  readonly directories: readonly string[];
  /** How the quorum begins: voters in the properties, or written down when the storage is formatted (KIP-853). */
  readonly quorum: InitialQuorum;
  /** Whether a reset that a refused reconnect confirms counts as a peer's end. */
  readonly detectResets: boolean;
  readonly machine: MemoryHostOptions;
}

/** Where clients find brokers. */
export const BROKER_PORT = 9092;
/** Where nodes find controllers. */
const CONTROLLER_PORT = 9093;
/** Where a node keeps everything. */
export const DATA_DIRECTORY = '/data';
/** How many replicas hold a record before it is acknowledged. */
export const MIN_IN_SYNC = 2;

/** Draws how the cluster is made: roles apart or combined, three or four brokers, times, and sizes of files. */
export function planNodes(prng: Prng, families: ReadonlySet<ClusterFamily>): readonly PlannedNode[] {
  const combined = prng.chance(0.25);
  const brokers = prng.between(3, 4);
  const controllerIds = combined ? [1, 2, 3] : [101, 102, 103];
  const brokerIds = Array.from({ length: brokers }, (_, index) => index + 1);
  const common = drawProperties(prng, families);
  const isDynamic = prng.chance(0.3);
  const addresses = controllerIds.map((id) => ({ id, host: hostOf(id), port: CONTROLLER_PORT }));
  const voters = addresses.map((address) => ({
    ...address,
    directoryId: uuidFromBytes(prng.fill(new Uint8Array(16))),
  }));
  const quorumProperties = isDynamic
    ? { 'controller.quorum.bootstrap.servers': addresses.map(({ host, port }) => `${host}:${port}`).join() }
    : { 'controller.quorum.voters': addresses.map(({ id, host, port }) => `${id}@${host}:${port}`).join() };
  const drifts = families.has('clockDrift');
  const slow = families.has('slowDisk');
  const detectResets = prng.chance(0.4);
  const directories = prng.chance(0.7) ? [`${DATA_DIRECTORY}/a`] : [`${DATA_DIRECTORY}/a`, `${DATA_DIRECTORY}/b`];
  return [...new Set([...controllerIds, ...brokerIds])].map((id): PlannedNode => {
    const isController = controllerIds.includes(id);
    const isBroker = brokerIds.includes(id);
    const host = hostOf(id);
    const listeners = [
      ...(isBroker ? [`PLAINTEXT://${host}:${BROKER_PORT}`] : []),
      ...(isController ? [`CONTROLLER://${host}:${CONTROLLER_PORT}`] : []),
    ];
    const roles = [...(isBroker ? ['broker'] : []), ...(isController ? ['controller'] : [])];
    const own = {
      'process.roles': roles.join(),
      'node.id': `${id}`,
      listeners: listeners.join(),
      'log.dirs': directories.join(),
    };
    // A broker's rate may differ so far that it takes its session for longer than the controller does.
    const clock = { clockRate: prng.between(85, 115) / 100, wallOffsetMs: prng.between(-60_000, 60_000) };
    const disk = slow ? { diskLatencyMs: slowSyncs } : {};
    return {
      id,
      host,
      isBroker,
      isController,
      properties: new Map(Object.entries({ ...common, ...quorumProperties, ...own })),
      quorum:
        isDynamic && isController
          ? { kind: 'voters', voters, listener: 'CONTROLLER' }
          : { kind: 'unwritten', dynamic: isDynamic },
      directories,
      detectResets,
      machine: { ...(drifts ? clock : {}), ...disk },
    };
  });
}

function hostOf(id: number): string {
  return `node${id}`;
}

/** Times are short, so that a run holds many elections, fencings and changes of the ISR. */
function drawProperties(prng: Prng, families: ReadonlySet<ClusterFamily>): Record<string, string> {
  const snapshots = families.has('snapshots')
    ? {
        'metadata.log.max.record.bytes.between.snapshots': `${prng.between(500, 4_000)}`,
        'metadata.max.retention.bytes': '1',
        'metadata.log.segment.bytes': `${prng.between(1_000, 10_000)}`,
        'metadata.log.segment.min.bytes': '1000',
      }
    : {};
  return {
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'controller.quorum.election.timeout.ms': `${prng.between(300, 800)}`,
    'controller.quorum.election.backoff.max.ms': `${prng.between(200, 600)}`,
    'controller.quorum.fetch.timeout.ms': `${prng.between(600, 1_500)}`,
    'controller.quorum.request.timeout.ms': `${prng.between(500, 1_500)}`,
    'broker.heartbeat.interval.ms': `${prng.between(200, 600)}`,
    'broker.session.timeout.ms': `${prng.between(1_500, 4_000)}`,
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
    ...snapshots,
  };
}

function slowSyncs(operation: DiskOperation, prng: Prng): number {
  if (operation !== 'sync') return 0.05;
  return prng.chance(0.02) ? prng.between(100, 1_500) : prng.between(1, 30);
}
