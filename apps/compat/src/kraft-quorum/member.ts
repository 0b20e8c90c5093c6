import { join } from 'node:path';
import { ListenerServer, type Reply } from '@biquorum/kafka-network';
import { decodeRequestHeader, encodeResponseHeader, errorCode } from '@biquorum/kafka-wire';
import { apiVersionsResponse } from '@biquorum/kafka-wire/messages/api-versions';
import {
  controllerRegistrationRequest,
  controllerRegistrationResponse,
} from '@biquorum/kafka-wire/messages/controller-registration';
import type { MetadataRecord, MetadataRecordInit } from '@biquorum/kafka-wire/metadata-records';
import {
  type MetadataBatch,
  type MetadataFollower,
  MetadataQuorum,
  type MetadataSnapshot,
  type StaticVoter,
  type VersionedRecord,
} from '@biquorum/kraft';
import { createNodePorts } from '@biquorum/platform/node';
import { ByteReader, ByteWriter } from '@biquorum/std';
import { CLUSTER_ID } from '../apache/broker.ts';
import { LOOPBACK } from '../apache/ports.ts';

/** Keys that the listener serves, with their highest versions; the lowest is 0. */
const SERVED: ReadonlyMap<number, number> = new Map([
  [1, 17],
  [18, 4],
  [52, 1],
  [53, 1],
  [54, 1],
  [55, 2],
  [59, 1],
  [70, 0],
  [80, 0],
  [81, 0],
  [82, 0],
]);
const NOOP_INTERVAL_MS = 100;

/** Where a member is, and how it finds the others. */
export interface MemberOptions {
  readonly id: number;
  readonly port: number;
  readonly directory: string;
  readonly directoryId: string;
  readonly voters: readonly StaticVoter[];
  readonly bootstrapServers: readonly string[];
}

/**
 * A member of a metadata quorum with the least that an Apache controller needs beside it: it bootstraps the log if it is
 * the first to lead, and writes a NoOp now and then. Its state is the list of all records that are not control records.
 */
export class Member implements MetadataFollower {
  readonly failures: unknown[] = [];
  /** Everything that was committed, with snapshots in place of what they cover. */
  records: MetadataRecord[] = [];
  end = 0;
  restored = 0;
  snapshots = 0;
  leading: number | null = null;
  #quorum: MetadataQuorum | null = null;
  #server: ListenerServer | null = null;
  #noops: NodeJS.Timeout | undefined;

  static async start(options: MemberOptions): Promise<Member> {
    const member = new Member();
    const ports = createNodePorts();
    const { id, port, directory, directoryId, voters, bootstrapServers } = options;
    const limits = {
      requestBytesMax: 64 << 20,
      requestsInFlightMax: 16,
      responseBytesMax: 64 << 20,
      idleMsMax: 600_000,
      connectionsMax: 1000,
      connectionsPerHostMax: 1000,
    };
    const server = new ListenerServer(ports, limits, {
      serve: (_, frame) => member.#serve(frame),
      forget: () => {},
    });
    await server.bind({ listener: 'CONTROLLER', host: LOOPBACK, port, backlog: 50 });
    member.#server = server;
    member.#quorum = await MetadataQuorum.open({
      ports,
      clusterId: CLUSTER_ID,
      nodeId: id,
      directoryId,
      directory: join(directory, 'data'),
      voters,
      bootstrapServers,
      listeners: [{ name: 'CONTROLLER', host: LOOPBACK, port }],
      listenerName: 'CONTROLLER',
      settings: { snapshotRecordBytes: 2000 },
      follower: member,
      onFailure: (error) => member.failures.push(error),
    });
    server.open();
    return member;
  }

  get quorum(): MetadataQuorum {
    if (this.#quorum === null) throw new Error('the member is not open');
    return this.#quorum;
  }

  commit(batch: MetadataBatch): void {
    if (batch.baseOffset !== this.end) throw new Error(`batch at ${batch.baseOffset} after ${this.end}`);
    this.end = batch.endOffset;
    this.records.push(...batch.records);
  }

  restore(snapshot: MetadataSnapshot): void {
    this.restored++;
    this.records = [...snapshot.records];
    this.end = snapshot.id.index;
  }

  snapshot(): Iterable<VersionedRecord> {
    this.snapshots++;
    return snapshotOf(this.records);
  }

  lead(epoch: number): void {
    this.leading = epoch;
    if (this.records.length === 0) this.quorum.append(() => BOOTSTRAP);
    this.#noops = setInterval(() => this.noop(), NOOP_INTERVAL_MS);
  }

  resign(): void {
    this.leading = null;
    clearInterval(this.#noops);
  }

  /** Appends a record that changes nothing. */
  noop(): void {
    this.quorum.append(() => [{ message: { type: 'NoOpRecord', record: {} }, version: 0 }]);
  }

  async stop(): Promise<void> {
    clearInterval(this.#noops);
    await this.#quorum?.close();
    await this.#server?.close(1000);
  }

  async #serve(frame: Uint8Array): Promise<Reply> {
    const reader = new ByteReader(frame);
    const { requestApiKey: apiKey, requestApiVersion: apiVersion, correlationId } = decodeRequestHeader(reader);
    if (!SERVED.has(apiKey)) return { kind: 'close', reason: `API ${apiKey} is not served` };
    const body = await this.#answer(apiKey, apiVersion, frame.subarray(reader.offset));
    const header = new ByteWriter();
    encodeResponseHeader(header, { correlationId }, apiKey, apiVersion);
    return { kind: 'response', segments: [header.finish(), body] };
  }

  #answer(apiKey: number, apiVersion: number, body: Uint8Array): Promise<Uint8Array> | Uint8Array {
    if (apiKey === 18) return apiVersions(apiVersion);
    return apiKey === 70 ? this.#register(body, apiVersion) : this.quorum.handle({ apiKey, apiVersion, body });
  }

  /** An Apache controller registers itself, and asks again until that has worked. */
  #register(body: Uint8Array, version: number): Uint8Array {
    const request = controllerRegistrationRequest.fromBytes(body, version);
    const { controllerId, incarnationId, zkMigrationReady, listeners: endPoints, features } = request;
    const record = { controllerId, incarnationId, zkMigrationReady, endPoints, features };
    const { kind } = this.quorum.append(() => [{ message: { type: 'RegisterControllerRecord', record }, version: 0 }]);
    const error = kind === 'appended' ? 0 : errorCode('NOT_CONTROLLER');
    return controllerRegistrationResponse.toBytes({ errorCode: error }, version);
  }
}

const BOOTSTRAP: readonly VersionedRecord[] = [
  { message: { type: 'BeginTransactionRecord', record: { name: 'Bootstrap records' } }, version: 0 },
  { message: { type: 'FeatureLevelRecord', record: { name: 'metadata.version', featureLevel: 21 } }, version: 0 },
  { message: { type: 'ZkMigrationStateRecord', record: { zkMigrationState: 0 } }, version: 0 },
  { message: { type: 'EndTransactionRecord', record: {} }, version: 0 },
];

/** What is left of records when transactions and records that change nothing are taken out: the last of each kind. */
function snapshotOf(records: readonly MetadataRecord[]): readonly VersionedRecord[] {
  const kept = new Map<string, VersionedRecord>();
  for (const { type, version, record } of records) {
    if (type === 'NoOpRecord' || type.endsWith('TransactionRecord')) continue;
    const name = type === 'RegisterControllerRecord' ? `${type} ${record.controllerId}` : type;
    kept.set(name, { message: { type, record } as MetadataRecordInit, version });
  }
  return [...kept.values()];
}

function apiVersions(version: number): Uint8Array {
  const apiKeys = [...SERVED].map(([apiKey, maxVersion]) => ({ apiKey, minVersion: 0, maxVersion }));
  const supportedFeatures = [
    { name: 'metadata.version', minVersion: 1, maxVersion: 21 },
    ...(version >= 4 ? [{ name: 'kraft.version', minVersion: 0, maxVersion: 1 }] : []),
  ];
  return apiVersionsResponse.toBytes({ apiKeys, supportedFeatures }, Math.min(version, 4));
}
