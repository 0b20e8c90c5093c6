import {
  BatchBuilder,
  buildControlBatch,
  controlRecordKey,
  type Init,
  type MessageCodec,
  type Uuid,
} from '@biquorum/kafka-wire';
import { encodeMetadataRecord } from '@biquorum/kafka-wire/metadata-records';
import {
  kRaftVersionRecord,
  snapshotFooterRecord,
  snapshotHeaderRecord,
  type VotersRecord,
  votersRecord,
} from '@biquorum/kafka-wire/raft';
import { concatBytes } from '../server/bytes.ts';

/** A finalized level of a feature. */
export interface FeatureLevel {
  readonly name: string;
  readonly level: number;
}

/** One voter of the first set of a dynamic quorum. */
export interface InitialVoter {
  readonly id: number;
  /** 22 characters of base64url. */
  readonly directoryId: Uuid;
  readonly host: string;
  readonly port: number;
}

/**
 * The bytes of `bootstrap.checkpoint`: the records that the first active controller of a cluster writes before all
 * others, between a header and a footer.
 *
 * Source: Java `BootstrapDirectory.writeBinaryFile`, `BatchFileWriter`.
 */
export function bootstrapCheckpoint(features: readonly FeatureLevel[], now: () => number): Uint8Array<ArrayBuffer> {
  const header = encodeValue(snapshotHeaderRecord, { version: 0, lastContainedLogTimestamp: 0 });
  const headerBatch = controlBatch('snapshot-header', header, 0, now());
  const footer = encodeValue(snapshotFooterRecord, { version: 0 });
  const builder = new BatchBuilder({ baseOffset: 1, partitionLeaderEpoch: 0 });
  const timestampMs = now();
  for (const { name, level } of features) {
    const record = { type: 'FeatureLevelRecord', record: { name, featureLevel: level } } as const;
    builder.append(timestampMs, null, encodeMetadataRecord(record, 0));
  }
  return concatBytes([
    headerBatch,
    builder.build(),
    controlBatch('snapshot-footer', footer, 1 + features.length, now()),
  ]);
}

/**
 * The bytes of `00000000000000000000-0000000000.checkpoint`, with which a dynamic quorum begins: the version of the
 * quorum's protocol and its first voters.
 *
 * Source: Java `RecordsSnapshotWriter` as `Formatter.writeDynamicQuorumSnapshot` uses it (KIP-853).
 *
 * @param listener the controllers' first listener: what the voters' addresses belong to
 */
export function votersCheckpoint(
  voters: readonly InitialVoter[],
  listener: string,
  now: () => number,
): Uint8Array<ArrayBuffer> {
  const sorted = [...voters].sort((a, b) => a.id - b.id);
  const record: Init<VotersRecord> = {
    version: 0,
    voters: sorted.map(({ id, directoryId, host, port }) => ({
      voterId: id,
      voterDirectoryId: directoryId,
      endpoints: [{ name: listener, host, port }],
      kRaftVersionFeature: { minSupportedVersion: 0, maxSupportedVersion: 1 },
    })),
  };
  const builder = new BatchBuilder({ baseOffset: 0, partitionLeaderEpoch: 0, isControl: true });
  const header = { version: 0, lastContainedLogTimestamp: now() };
  const timestampMs = now();
  builder.append(timestampMs, controlRecordKey('snapshot-header'), encodeValue(snapshotHeaderRecord, header));
  const version = encodeValue(kRaftVersionRecord, { version: 0, kRaftVersion: 1 });
  builder.append(timestampMs, controlRecordKey('kraft-version'), version);
  builder.append(timestampMs, controlRecordKey('kraft-voters'), encodeValue(votersRecord, record));
  const footer = encodeValue(snapshotFooterRecord, { version: 0 });
  return concatBytes([builder.build(), controlBatch('snapshot-footer', footer, 3, now())]);
}

function controlBatch(
  type: 'snapshot-header' | 'snapshot-footer',
  value: Uint8Array,
  baseOffset: number,
  timestampMs: number,
): Uint8Array {
  return buildControlBatch(type, value, { baseOffset, partitionLeaderEpoch: 0, timestampMs });
}

/** Control records' values carry their own version and no frame. */
function encodeValue<Message>(codec: MessageCodec<Message>, value: Init<Message>): Uint8Array {
  return codec.toBytes(value, 0);
}
