import type { RecordBatch, RecordCursor } from '@biquorum/kafka-wire';
import type { JsonValue } from '@biquorum/kafka-wire/dump';
import { controlContent } from './control-record.ts';
import type { ContentDecoder } from './decoders.ts';

/** What a record says. */
export interface RecordFacts {
  readonly offset: number;
  readonly timestampType: 'CreateTime' | 'LogAppendTime';
  readonly timestamp: number;
  /** −1 for none. */
  readonly keySize: number;
  /** −1 for none. */
  readonly valueSize: number;
  readonly sequence: number;
  readonly headerKeys: readonly string[];
  /** With control records: what they are, and what they say. */
  readonly control?: { readonly type: string; readonly data: JsonValue };
  readonly key?: JsonValue;
  readonly payload?: JsonValue;
}

const decoder = new TextDecoder();

/** Looks at the record at which a cursor stands. */
export function recordFacts(
  batch: RecordBatch,
  record: RecordCursor,
  content: ContentDecoder | undefined,
): RecordFacts {
  const keys: string[] = [];
  const { bytes } = record;
  record.forEachHeader((at, length) => void keys.push(decoder.decode(bytes.subarray(at, at + length))));
  return {
    offset: record.offset,
    timestampType: batch.timestampType === 'create-time' ? 'CreateTime' : 'LogAppendTime',
    timestamp: record.timestamp,
    keySize: record.keyLength,
    valueSize: record.valueLength,
    sequence: record.sequence,
    headerKeys: keys,
    ...(batch.isControl ? { control: controlContent(record) } : content?.(record)),
  };
}

/** The line of a record, as Apache's tool has it. */
export function recordText(
  facts: RecordFacts,
  { skipRecordMetadata }: { readonly skipRecordMetadata: boolean },
): string {
  const { key, payload } = facts;
  const content = [
    ...(key === undefined ? [] : [`key: ${textOf(key)}`]),
    ...(payload === undefined ? [] : [`payload: ${textOf(payload)}`]),
  ].join(' ');
  if (!skipRecordMetadata) return content === '' ? metadataText(facts) : `${metadataText(facts)} ${content}`;
  if (key !== undefined) return `| ${content}`;
  return content === '' ? '' : ` ${content}`;
}

function metadataText({ control, ...facts }: RecordFacts): string {
  const { offset, timestampType, timestamp, keySize, valueSize, sequence, headerKeys } = facts;
  const line = `| offset: ${offset} ${timestampType}: ${timestamp} keySize: ${keySize} valueSize: ${valueSize} sequence: ${sequence} headerKeys: [${headerKeys.join(',')}]`;
  return control === undefined ? line : `${line} ${controlText(control)}`;
}

function controlText({ type, data }: NonNullable<RecordFacts['control']>): string {
  switch (type) {
    case 'COMMIT':
    case 'ABORT':
      return `endTxnMarker: ${type} coordinatorEpoch: ${(data as { readonly coordinatorEpoch: number }).coordinatorEpoch}`;
    case 'SnapshotHeader':
    case 'SnapshotFooter':
    case 'KRaftVersion':
    case 'KRaftVoters':
      return `${type} ${JSON.stringify(data)}`;
    default:
      return `controlType: ${type}`;
  }
}

function textOf(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
