import { immutableMapOrder } from './java-order.ts';
import { type JsonReader, type JsonValue, readObject, toJsonBytes } from './json.ts';

/** Data of `/cluster/id`. */
export function encodeClusterId(id: string): Uint8Array {
  return toJsonBytes(
    new Map([
      ['version', '1'],
      ['id', id],
    ]),
  );
}

/** @throws ZnodeError */
export function decodeClusterId(data: Uint8Array | null): string {
  return readObject('/cluster/id', data).string('id');
}

/** What `/latest_producer_id_block` says: ids `first` to `last` belong to the broker. */
export interface ProducerIdBlockZnode {
  readonly brokerId: number;
  readonly first: number;
  readonly last: number;
}

/** Source: Java `ProducerIdBlockZNode`. */
export function encodeProducerIdBlock({ brokerId, first, last }: ProducerIdBlockZnode): Uint8Array {
  return toJsonBytes(
    new Map<string, string | number>([
      ['version', 1],
      ['broker', brokerId],
      ['block_start', String(first)],
      ['block_end', String(last)],
    ]),
  );
}

/** Null for the empty node that brokers make at their start. @throws ZnodeError */
export function decodeProducerIdBlock(data: Uint8Array | null): ProducerIdBlockZnode | null {
  if (data === null || data.length === 0) return null;
  const reader = readObject('/latest_producer_id_block', data);
  return {
    brokerId: reader.int('broker'),
    first: reader.longText('block_start'),
    last: reader.longText('block_end'),
  };
}

/** What `/feature` says; the znode's version is the epoch of the levels. */
export interface FeatureZnode {
  /** False: written by a controller that knows of no features. */
  readonly enabled: boolean;
  readonly levels: ReadonlyMap<string, number>;
}

/** Writes version 2. Source: Java `FeatureZNode.encode`. */
export function encodeFeatures({ enabled, levels }: FeatureZnode): Uint8Array {
  const features = immutableMapOrder([...levels.keys()]).map((name): [string, JsonValue] => [
    name,
    new Map([['max_version_level', levels.get(name) ?? 0]]),
  ]);
  return toJsonBytes(
    new Map<string, JsonValue>([
      ['features', new Map(features)],
      ['version', 2],
      ['status', enabled ? 1 : 0],
    ]),
  );
}

/** Reads versions 1 and 2. @throws ZnodeError */
export function decodeFeatures(data: Uint8Array | null): FeatureZnode {
  const reader = readObject('/feature', data);
  const [version, status] = [reader.int('version'), reader.int('status')];
  if (version !== 1 && version !== 2) throw reader.fault(`version ${version} is not known`);
  if (status !== 0 && status !== 1) throw reader.fault(`status ${status} is not known`);
  if (!reader.has('features')) throw reader.fault('"features" is missing');
  const features = reader.object('features');
  return {
    enabled: status === 1,
    levels: new Map(features.keys().map((name) => [name, features.object(name).int('max_version_level')])),
  };
}

/** Broker of `/log_dir_event_notification/log_dir_event_S`: a directory of it has failed. */
export function encodeLogDirEvent(brokerId: number): Uint8Array {
  return toJsonBytes(
    new Map([
      ['version', 1],
      ['broker', brokerId],
      ['event', 1],
    ]),
  );
}

/** @throws ZnodeError */
export function decodeLogDirEvent(data: Uint8Array | null): number {
  return readObject('log directory event', data).int('broker');
}

/** A partition as it stands in lists. */
export interface ZnodePartition {
  readonly topic: string;
  readonly partition: number;
}

/** Data of `/isr_change_notification/isr_change_S` and of `/admin/preferred_replica_election`. */
export function encodePartitionList(partitions: readonly ZnodePartition[]): Uint8Array {
  return toJsonBytes(
    new Map<string, JsonValue>([
      ['version', 1],
      ['partitions', partitions.map(placeOf)],
    ]),
  );
}

/** @throws ZnodeError */
export function decodePartitionList(data: Uint8Array | null): readonly ZnodePartition[] {
  return readObject('list of partitions', data).objects('partitions').map(readPlace);
}

/** A partition with the replicas that it is to have. */
export interface ZnodeReassignment extends ZnodePartition {
  readonly replicas: readonly number[];
}

/** Data of `/admin/reassign_partitions`. */
export function encodeReassignments(reassignments: readonly ZnodeReassignment[]): Uint8Array {
  const partitions = reassignments.map(
    (one): JsonValue => new Map<string, JsonValue>([...placeOf(one), ['replicas', one.replicas]]),
  );
  return toJsonBytes(
    new Map<string, JsonValue>([
      ['version', 1],
      ['partitions', partitions],
    ]),
  );
}

/** @throws ZnodeError */
export function decodeReassignments(data: Uint8Array | null): readonly ZnodeReassignment[] {
  return readObject('/admin/reassign_partitions', data)
    .objects('partitions')
    .map((one) => ({ ...readPlace(one), replicas: one.ints('replicas') }));
}

function placeOf({ topic, partition }: ZnodePartition): Map<string, JsonValue> {
  return new Map<string, JsonValue>([
    ['topic', topic],
    ['partition', partition],
  ]);
}

function readPlace(reader: JsonReader): ZnodePartition {
  return { topic: reader.string('topic'), partition: reader.int('partition') };
}
