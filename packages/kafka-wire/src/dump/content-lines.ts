import { ByteReader } from '@biquorum/std';
import type { MessageCodec } from '../codec/message-codec.ts';
import { decodeConsumerOffsetsRecord } from '../consumer-offsets.ts';
import { decodeMetadataRecord } from '../metadata-records.ts';
import { ProtocolError } from '../protocol-error.ts';
import {
  type ControlRecordType,
  controlRecordTypeOf,
  describeControlRecordFault,
  markerCoordinatorEpochOf,
  type RecordBatch,
  type RecordCursor,
} from '../records/index.ts';
import { messageByName } from '../registry.ts';
import type { Lines } from './lines.ts';
import { addMessage } from './message-lines.ts';
import type { Limits } from './options.ts';
import { hex } from './scalar.ts';

const VERSION_BYTES = 2;

const CONTROL_MESSAGES: Readonly<Record<Exclude<ControlRecordType, 'abort' | 'commit'>, string>> = {
  'leader-change': 'LeaderChangeMessage',
  'snapshot-header': 'SnapshotHeaderRecord',
  'snapshot-footer': 'SnapshotFooterRecord',
  'kraft-version': 'KRaftVersionRecord',
  'kraft-voters': 'VotersRecord',
};

/** Adds what key and value of a record mean; false if nothing is known of that, or they are not what they should be. */
export function addContent(lines: Lines, batch: RecordBatch, record: RecordCursor, limits: Limits): boolean {
  if (batch.isControl) return addControl(lines, record, limits);
  try {
    switch (limits.content) {
      case 'any':
        return false;
      case 'metadata':
        return addMetadata(lines, record.value(), limits);
      case 'consumer-offsets':
        return addConsumerOffsets(lines, record.key(), record.value(), limits);
      case 'transaction-state':
        return addPair(lines, 'TransactionLog', record.key(), record.value(), limits);
    }
  } catch (error) {
    return addError(lines, error);
  }
}

function addControl(lines: Lines, record: RecordCursor, limits: Limits): boolean {
  const type = controlRecordTypeOf(record);
  if (typeof type === 'object') {
    lines.add(describeControlRecordFault(type));
    return false;
  }
  if (typeof type === 'number') {
    lines.add(`control record of unknown type ${type}`);
    return false;
  }
  if (type === 'abort' || type === 'commit') {
    const epoch = markerCoordinatorEpochOf(record);
    lines.add(typeof epoch === 'number' ? `${type} by coordinator epoch ${epoch}` : describeControlRecordFault(epoch));
    return typeof epoch === 'number';
  }
  const value = record.value();
  const codec = messageByName.get(CONTROL_MESSAGES[type]);
  if (value === null || codec === undefined) return false;
  try {
    return addVersionedInside(lines, codec, value, limits);
  } catch (error) {
    return addError(lines, error);
  }
}

/** The messages of control records begin with their own version, which is a field of theirs. */
function addVersionedInside(lines: Lines, codec: MessageCodec<unknown>, bytes: Uint8Array, limits: Limits): boolean {
  const version = Math.min(versionOf(bytes), codec.highestVersion);
  const message = codec.decode(new ByteReader(bytes), version);
  lines.under(`${codec.table.name} v${version}`, () => addMessage(lines, codec, message, version, limits));
  return true;
}

function addMetadata(lines: Lines, value: Uint8Array | null, limits: Limits): boolean {
  if (value === null) return false;
  const { type, version, record } = decodeMetadataRecord(value);
  const codec = messageByName.get(type);
  if (codec === undefined) return false;
  lines.under(`${type} v${version}`, () => addMessage(lines, codec, record, version, limits));
  return true;
}

function addConsumerOffsets(lines: Lines, key: Uint8Array | null, value: Uint8Array | null, limits: Limits): boolean {
  if (key === null) return false;
  const record = decodeConsumerOffsetsRecord(key, value);
  return record === undefined ? false : addPair(lines, record.type, key, value, limits);
}

/** Key and value with an int16 version in front of each. */
function addPair(
  lines: Lines,
  type: string,
  key: Uint8Array | null,
  value: Uint8Array | null,
  limits: Limits,
): boolean {
  if (key === null) return false;
  addVersioned(lines, `${type}Key`, key, limits);
  if (value === null) lines.add('value: null');
  else addVersioned(lines, `${type}Value`, value, limits);
  return true;
}

function addVersioned(lines: Lines, name: string, bytes: Uint8Array, limits: Limits): void {
  const codec = messageByName.get(name);
  if (codec === undefined) {
    lines.add(`${name}: ${hex(bytes, limits.bytesMax)}`);
    return;
  }
  const version = versionOf(bytes);
  const message = codec.decode(new ByteReader(bytes.subarray(VERSION_BYTES)), version);
  lines.under(`${name} v${version}`, () => addMessage(lines, codec, message, version, limits));
}

function versionOf(bytes: Uint8Array): number {
  return bytes.length < VERSION_BYTES ? -1 : (((bytes[0] as number) << 24) >> 16) | (bytes[1] as number);
}

function addError(lines: Lines, error: unknown): false {
  if (!(error instanceof ProtocolError)) throw error;
  lines.add(error.message);
  return false;
}
