/**
 * Records of `__remote_log_metadata`: which segments of which partitions lie in remote storage (KIP-405).
 *
 * @packageDocumentation
 */
import { type RemoteLogRecord, remoteLogRecordCodecs } from './generated/remote-log-metadata/records.ts';
import type { Init } from './schema/init.ts';
import { decodeTypedRecord, encodeTypedRecord } from './typed-record.ts';

export * from './generated/remote-log-metadata/index.ts';
export { type RemoteLogRecord, remoteLogRecordCodecs } from './generated/remote-log-metadata/records.ts';

/** A remote log record to be written; what is left out takes its default. */
export type RemoteLogRecordInit = {
  readonly [Type in RemoteLogRecord['type']]: {
    readonly type: Type;
    readonly record: Init<Extract<RemoteLogRecord, { readonly type: Type }>['record']>;
  };
}[RemoteLogRecord['type']];

const codecsByType = new Map(Object.values(remoteLogRecordCodecs).map((codec) => [codec.table.apiKey ?? -1, codec]));

/**
 * The value of a record of `__remote_log_metadata`: frame version, type, version and the record itself.
 *
 * Source: Java's `RemoteLogMetadataSerde`.
 *
 * @throws EncodeError when the record does not fit the version.
 */
export function encodeRemoteLogRecord({ type, record }: RemoteLogRecordInit, version: number): Uint8Array {
  return encodeTypedRecord<unknown>(remoteLogRecordCodecs[type], record, version);
}

/** Reads what `encodeRemoteLogRecord` writes. @throws ProtocolError when it is not such a record, or more than one. */
export function decodeRemoteLogRecord(bytes: Uint8Array): RemoteLogRecord {
  const { codec, version, record } = decodeTypedRecord(codecsByType, bytes, 'RemoteLogRecord');
  return { type: codec.table.name, version, record } as RemoteLogRecord;
}
