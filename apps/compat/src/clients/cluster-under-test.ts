import { startTestCluster, type TestClusterOptions } from '@biquorum/cluster/testing';
import { fetchRequest, fetchResponse } from '@biquorum/kafka-wire/messages/fetch';
import { ask } from '../configs/ask.ts';
import type { Mode } from '../mode.ts';

/** A cluster and what scenarios do to it. What a client can ask for is left to clients. */
export interface ClusterUnderTest extends AsyncDisposable {
  readonly mode: Mode;
  /** Addresses of all brokers, also of those that are down. */
  readonly bootstrap: readonly string[];
  /** Ids of the brokers. */
  readonly brokers: readonly number[];
  /** Resolves with the broker that leads a partition and serves as its leader. */
  untilLeader(topic: string, partition: number): Promise<number>;
  untilInSync(topic: string): Promise<void>;
  /** Resolves when a condition on the cluster holds. */
  until(what: string, condition: () => boolean | Promise<boolean>): Promise<void>;
  /** Ends a broker as a crash would. */
  kill(broker: number): Promise<void>;
  restart(broker: number): Promise<void>;
  /** Offset of the next record of a partition on a broker; −1 if it has no such log. */
  logEndOffset(broker: number, topic: string, partition: number): Promise<number>;
  /** Headers of the batches of a partition, as its leader hands them out. */
  batches(topic: string, partition: number): Promise<readonly BatchHeader[]>;
}

/** What the header of a record batch says, at the places that the protocol gives them. */
export interface BatchHeader {
  readonly baseOffset: number;
  readonly codec: string;
  readonly producerId: number;
  readonly baseSequence: number;
  readonly records: number;
}

/** Where clusters are started in a mode, with what they share: in ZooKeeper mode the ensemble. */
export interface ClusterMaker extends AsyncDisposable {
  readonly mode: Mode;
  /**
   * Starts three brokers.
   *
   * @throws what the cluster throws when a broker cannot start
   */
  start(properties: Readonly<Record<string, string>>): Promise<ClusterUnderTest>;
}

/** Makes ready what clusters of a mode share: our own ZooKeeper server in a process, under which each has its path. */
export async function makerOf(mode: Mode): Promise<ClusterMaker> {
  if (mode !== 'zookeeper') {
    const start: ClusterMaker['start'] = (properties) => startUnderTest({ mode, brokers: 3, properties });
    return { mode, start, [Symbol.asyncDispose]: async () => {} };
  }
  const ensemble = await startTestCluster({ mode, brokers: 0, processes: true });
  let count = 0;
  const start: ClusterMaker['start'] = (properties) => {
    const zookeeperConnect = `${ensemble.zookeeperConnect}/cluster-${++count}`;
    return startUnderTest({ mode, brokers: 3, properties, zookeeperConnect });
  };
  return { mode, start, [Symbol.asyncDispose]: () => ensemble.stop() };
}

async function startUnderTest({ mode, ...options }: TestClusterOptions): Promise<ClusterUnderTest> {
  const cluster = await startTestCluster({ mode, ...options });
  const brokers = cluster.nodes.filter(({ role }) => role === 'broker');
  const addresses = new Map(brokers.map(({ id, address }) => [id, address]));
  return {
    mode,
    bootstrap: [...addresses.values()],
    brokers: [...addresses.keys()],
    untilLeader: (topic, partition) => cluster.untilLeader(topic, partition),
    untilInSync: (topic) => cluster.untilInSync(topic),
    until: (what, condition) => cluster.until(what, condition),
    kill: (broker) => cluster.kill(broker),
    restart: (broker) => cluster.restart(broker),
    logEndOffset: async (broker, topic, partition) => (await cluster.log(broker, topic, partition))?.endOffset ?? -1,
    batches: async (topic, partition) =>
      readBatches(addresses.get(await cluster.untilLeader(topic, partition)) ?? '', topic, partition),
    [Symbol.asyncDispose]: () => cluster.stop(),
  };
}

/** The last version in which topics have names. */
const FETCH_VERSION = 12;
const BYTES_MAX = 16 << 20;
const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];
/** Size of a batch's header, and where its fields lie. */
const HEADER = { bytes: 61, batchLength: 8, attributes: 21, producerId: 43, baseSequence: 53, records: 57 };
/** What lies before the field that says how long the rest is, with that field. */
const BEFORE_LENGTH_COUNTS = 12;

async function readBatches(address: string, topic: string, partition: number): Promise<readonly BatchHeader[]> {
  const answer = await ask(address, fetchRequest, fetchResponse, FETCH_VERSION, {
    replicaId: -1,
    maxWaitMs: 0,
    minBytes: 0,
    maxBytes: BYTES_MAX,
    sessionEpoch: -1,
    topics: [{ topic, partitions: [{ partition, fetchOffset: 0, partitionMaxBytes: BYTES_MAX }] }],
  });
  const records = answer.responses[0]?.partitions[0]?.records;
  const bytes = records instanceof Uint8Array ? records : new Uint8Array(0);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headers: BatchHeader[] = [];
  for (let at = 0; at + HEADER.bytes <= bytes.length; ) {
    headers.push({
      baseOffset: Number(view.getBigInt64(at)),
      codec: CODECS[view.getInt16(at + HEADER.attributes) & 7] ?? 'unknown',
      producerId: Number(view.getBigInt64(at + HEADER.producerId)),
      baseSequence: view.getInt32(at + HEADER.baseSequence),
      records: view.getInt32(at + HEADER.records),
    });
    at += BEFORE_LENGTH_COUNTS + view.getInt32(at + HEADER.batchLength);
  }
  return headers;
}
