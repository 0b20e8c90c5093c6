import { type Cluster, type ClusterOptions, startCluster } from '@biquorum/cluster';
import type { Telemetry } from '@biquorum/platform';
import { type LiveMode, MODES } from './protocol.ts';

/** How to start both clusters. */
export interface BothOptions {
  /** Brokers of each; 3 by default. */
  readonly brokers?: number;
  /** Servers of the ensemble of ZooKeeper mode; 3 by default. */
  readonly servers?: number;
  /** Controllers of the quorum of KRaft mode; 3 by default. */
  readonly controllers?: number;
  /** Port of the first broker of each mode; by default the system chooses. */
  readonly ports?: Partial<Readonly<Record<LiveMode, number>>>;
  /** Where the data of both are kept, each below a folder of its name; by default in temporary directories. */
  readonly dataDirectory?: string;
  /** Kafka's keys for the brokers of both. */
  readonly properties?: Readonly<Record<string, string>>;
  readonly telemetry?: (mode: LiveMode) => Telemetry;
  readonly interrupted?: Promise<unknown>;
}

/** Both clusters. */
export type Both = Readonly<Record<LiveMode, Cluster>>;

/**
 * So long may a broker be silent before it is taken for dead, in both: what differs then is the mode, and not a setting.
 * By Kafka's defaults it would be 18 s in ZooKeeper mode and 9 s in KRaft mode.
 */
export const DETECTION_MS = 3_000;

const EQUAL: Readonly<Record<LiveMode, Readonly<Record<string, string>>>> = {
  zookeeper: { 'zookeeper.session.timeout.ms': String(DETECTION_MS) },
  kraft: { 'broker.session.timeout.ms': String(DETECTION_MS), 'broker.heartbeat.interval.ms': '500' },
};

/** For a cluster of this size. */
function defaults(brokers: number): Readonly<Record<string, string>> {
  const replicas = Math.min(3, brokers);
  return {
    'default.replication.factor': String(replicas),
    'num.partitions': '3',
    'min.insync.replicas': String(Math.max(1, replicas - 1)),
  };
}

/**
 * Starts a cluster in ZooKeeper mode beside an ensemble of its own, and one in KRaft mode, at the same time.
 *
 * @throws what stands in the way of either; then neither runs
 */
export async function startBoth(options: BothOptions = {}): Promise<Both> {
  const {
    brokers = 3,
    servers = 3,
    controllers = 3,
    ports = {},
    dataDirectory,
    properties = {},
    telemetry,
    interrupted,
  } = options;
  const start = (mode: LiveMode): Promise<Cluster> => {
    const port = ports[mode];
    const common: ClusterOptions = {
      mode,
      brokers,
      detectResets: false,
      properties: { ...defaults(brokers), ...EQUAL[mode], ...properties },
      ...(port === undefined ? {} : { port }),
      ...(dataDirectory === undefined ? {} : { dataDirectory: `${dataDirectory}/${mode}` }),
      ...(telemetry === undefined ? {} : { telemetry: telemetry(mode) }),
      ...(interrupted === undefined ? {} : { interrupted }),
    };
    return startCluster(mode === 'zookeeper' ? { ...common, zookeepers: servers } : { ...common, controllers });
  };
  const started = await Promise.allSettled(MODES.map(start));
  const failed = started.find((one) => one.status === 'rejected');
  if (failed !== undefined) {
    await Promise.all(started.map((one) => (one.status === 'fulfilled' ? one.value.stop() : undefined)));
    throw failed.reason;
  }
  const [zookeeper, kraft] = started.map((one) => (one as PromiseFulfilledResult<Cluster>).value) as [Cluster, Cluster];
  return { zookeeper, kraft };
}

/** The detection time that properties ask for in a mode. */
export function detectionMsOf(mode: LiveMode, properties: Readonly<Record<string, string>>): number {
  const key = mode === 'zookeeper' ? 'zookeeper.session.timeout.ms' : 'broker.session.timeout.ms';
  return Number(properties[key] ?? EQUAL[mode][key]);
}
