import type { Java } from '../java/java.ts';
import type { BatchFacts } from '../oracle/oracle.ts';

/** What Apache's classes read in a log directory. Source: `java/src/biquorum/logs/ReadLogs.java`. */
export interface JavaLogDirectory {
  readonly metaProperties?: {
    readonly version: number;
    readonly clusterId: string | null;
    readonly nodeId: number | null;
    readonly directoryId: string | null;
  };
  readonly 'recovery-point-offset-checkpoint'?: Readonly<Record<string, number>>;
  readonly 'log-start-offset-checkpoint'?: Readonly<Record<string, number>>;
  readonly 'replication-offset-checkpoint'?: Readonly<Record<string, number>>;
  readonly cleanShutdownBrokerEpoch?: number;
  readonly partitions: ReadonlyMap<string, JavaLog>;
}

/** What they read in the directory of a partition. */
export interface JavaLog {
  /** Name of the directory. */
  readonly partition: string;
  readonly metadata?: { readonly version: number; readonly topicId: string };
  readonly epochs: readonly (readonly [epoch: number, startOffset: number])[];
  readonly snapshots?: readonly { readonly offset: number; readonly producers: readonly JavaProducer[] }[];
  readonly segments: readonly JavaSegment[];
}

/** A producer as a snapshot remembers it. */
export interface JavaProducer {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly lastSequence: number;
  readonly lastOffset: number;
  readonly offsetDelta: number;
  readonly timestamp: number;
  readonly coordinatorEpoch: number;
  /** −1 for none. */
  readonly currentTransactionFirstOffset: number;
}

/** A segment and its indexes. */
export interface JavaSegment {
  readonly baseOffset: number;
  readonly batches: readonly BatchFacts[];
  readonly offsetIndex?: readonly (readonly [offset: number, position: number])[];
  readonly timeIndex?: readonly (readonly [timestamp: number, offset: number])[];
}

/**
 * Has Apache's classes read a log directory.
 *
 * @param state whether its owner closed it; if not, indexes and snapshots are left out
 * @throws {Error} if they find anything wrong with it
 */
export async function readJavaLogs(java: Java, directory: string, state: 'closed' | 'open'): Promise<JavaLogDirectory> {
  const { stdout } = await java.run('biquorum.logs.ReadLogs', [directory, state]);
  const [shared = '{}', ...lines] = stdout.trimEnd().split('\n');
  const logs = lines.map((line): JavaLog => JSON.parse(line));
  return { ...JSON.parse(shared), partitions: new Map(logs.map((log) => [log.partition, log])) };
}

/** How much a log directory holds. */
export interface Extent {
  readonly batches: number;
  readonly records: number;
}

/** Counts what Apache's classes read, but for the controller's own log. */
export function extentOf({ partitions }: JavaLogDirectory): Extent {
  const batches = [...partitions]
    .filter(([name]) => !name.startsWith('__cluster_metadata'))
    .flatMap(([, { segments }]) => segments.flatMap((segment) => segment.batches));
  return { batches: batches.length, records: batches.reduce((sum, batch) => sum + batch.records.length, 0) };
}
