/**
 * Records of the KRaft metadata log (`__cluster_metadata`) and its snapshots.
 *
 * @packageDocumentation
 */
import { type MetadataRecord, metadataRecordCodecs } from './generated/metadata-records/records.ts';
import type { Init } from './schema/init.ts';
import { decodeTypedRecord, encodeTypedRecord } from './typed-record.ts';

export * from './generated/metadata-records/index.ts';
export { type MetadataRecord, metadataRecordCodecs } from './generated/metadata-records/records.ts';

/** A metadata record to be written; what is left out takes its default. */
export type MetadataRecordInit = {
  readonly [Type in MetadataRecord['type']]: {
    readonly type: Type;
    readonly record: Init<Extract<MetadataRecord, { readonly type: Type }>['record']>;
  };
}[MetadataRecord['type']];

const codecsByType = new Map(Object.values(metadataRecordCodecs).map((codec) => [codec.table.apiKey ?? -1, codec]));

/**
 * The value of a record of the metadata log: frame version, type, version and the record itself.
 *
 * Source: Java's `MetadataRecordSerde`.
 *
 * @throws EncodeError when the record does not fit the version.
 */
export function encodeMetadataRecord({ type, record }: MetadataRecordInit, version: number): Uint8Array {
  return encodeTypedRecord<unknown>(metadataRecordCodecs[type], record, version);
}

/** Reads what `encodeMetadataRecord` writes. @throws ProtocolError when it is not a metadata record, or more than one. */
export function decodeMetadataRecord(bytes: Uint8Array): MetadataRecord {
  const { codec, version, record } = decodeTypedRecord(codecsByType, bytes, 'MetadataRecord');
  return { type: codec.table.name, version, record } as MetadataRecord;
}
