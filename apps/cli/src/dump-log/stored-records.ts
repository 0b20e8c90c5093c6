import { type MessageCodec, ProtocolError } from '@biquorum/kafka-wire';
import { type ConsumerOffsetsRecord, decodeConsumerOffsetsRecord } from '@biquorum/kafka-wire/consumer-offsets';
import {
  consumerProtocolAssignment,
  consumerProtocolSubscription,
  decodeAssignment,
  decodeSubscription,
} from '@biquorum/kafka-wire/consumer-protocol';
import { type JsonValue, messageJson } from '@biquorum/kafka-wire/dump';
import { decodeMetadataRecord, metadataRecordCodecs } from '@biquorum/kafka-wire/metadata-records';
import { messageByName } from '@biquorum/kafka-wire/registry';
import { decodeTransactionLogKey, decodeTransactionLogValue } from '@biquorum/kafka-wire/transaction-state';
import type { Content, ContentDecoder } from './decoders.ts';

const NO_BYTES = new Uint8Array(0);
const DELETED = '<DELETE>';

/** Records of `__cluster_metadata`. */
export const metadataContent: ContentDecoder = (record) => {
  const of = (): Content => {
    const { type, version, record: data } = decodeMetadataRecord(record.value() ?? NO_BYTES);
    const codec = metadataRecordCodecs[type] as MessageCodec<unknown>;
    return { payload: { type: constantCase(type), version, data: messageJson(codec, data, version) } };
  };
  return orFault(of, (fault) => ({ payload: `Error at ${record.offset}, skipping. ${fault}` }));
};

/** Records of `__consumer_offsets`. */
export const offsetsContent: ContentDecoder = (record) => {
  const [key, value] = [record.key(), record.value()];
  if (key === null) return { key: `Error at offset ${record.offset}, skipping. The record has no key.` };
  const of = (): Content => {
    const keyVersion = versionOf(key);
    const decoded = decodeConsumerOffsetsRecord(key, value);
    if (decoded === undefined) {
      return { key: `Unknown record type ${keyVersion} at offset ${record.offset}, skipping.` };
    }
    const codecOf = (part: 'Key' | 'Value') => messageByName.get(`${decoded.type}${part}`) as MessageCodec<unknown>;
    return {
      key: { type: String(keyVersion), data: messageJson(codecOf('Key'), decoded.key, keyVersion) },
      payload: value === null ? DELETED : valueJson(decoded, codecOf('Value'), versionOf(value)),
    };
  };
  return orFault(of, (fault) => ({ key: `Error at offset ${record.offset}, skipping. ${fault}` }));
};

function valueJson(decoded: ConsumerOffsetsRecord, codec: MessageCodec<unknown>, version: number): JsonValue {
  const isOfConsumers = decoded.type === 'GroupMetadata' && decoded.value?.protocolType === 'consumer';
  const data = messageJson(codec, decoded.value, version, isOfConsumers ? embeddedJson : undefined);
  return { version: String(version), data };
}

/** What members of classic groups of consumers have told each other. */
function embeddedJson(field: string, bytes: Uint8Array): JsonValue | undefined {
  if (bytes.length < 2) return undefined;
  try {
    if (field === 'subscription') {
      return messageJson(consumerProtocolSubscription, decodeSubscription(bytes), knownVersion(bytes));
    }
    if (field === 'assignment') {
      return messageJson(consumerProtocolAssignment, decodeAssignment(bytes), knownVersion(bytes));
    }
    return undefined;
  } catch (error) {
    // Another kind of member may have written anything.
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

function knownVersion(bytes: Uint8Array): number {
  return Math.min(versionOf(bytes), consumerProtocolSubscription.highestVersion);
}

const TRANSACTION_STATES = [
  'Empty',
  'Ongoing',
  'PrepareCommit',
  'PrepareAbort',
  'CompleteCommit',
  'CompleteAbort',
  'Dead',
  'PrepareEpochFence',
];

/** Records of `__transaction_state`. */
export const transactionContent: ContentDecoder = (record) => {
  const [key, value] = [record.key(), record.value()];
  if (key === null) return { key: `Error at offset ${record.offset}, skipping. The record has no key.` };
  const of = (): Content => {
    if (versionOf(key) !== 0) return { key: `unknown::version=${versionOf(key)}` };
    const { transactionalId } = decodeTransactionLogKey(key);
    return {
      key: `transaction_metadata::transactionalId=${transactionalId}`,
      payload: value === null ? DELETED : transactionText(value),
    };
  };
  return orFault(of, (fault) => ({ key: `Error at offset ${record.offset}, skipping. ${fault}` }));
};

function transactionText(bytes: Uint8Array): string {
  const value = decodeTransactionLogValue(bytes);
  const partitions = (value.transactionPartitions ?? []).flatMap(({ topic, partitionIds }) =>
    partitionIds.map((partition) => `${topic}-${partition}`),
  );
  return [
    `producerId:${value.producerId}`,
    `producerEpoch:${value.producerEpoch}`,
    `state=${TRANSACTION_STATES[value.transactionStatus] ?? value.transactionStatus}`,
    `partitions=[${partitions.join(',')}]`,
    `txnLastUpdateTimestamp=${value.transactionLastUpdateTimestampMs}`,
    `txnTimeoutMs=${value.transactionTimeoutMs}`,
  ].join(',');
}

function orFault(of: () => Content, otherwise: (fault: string) => Content): Content {
  try {
    return of();
  } catch (error) {
    if (error instanceof ProtocolError) return otherwise(error.message);
    throw error;
  }
}

/** The number that keys and values begin with; −1 where there is none. */
function versionOf(bytes: Uint8Array): number {
  return bytes.length < 2 ? -1 : new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getInt16(0);
}

/** `PartitionChangeRecord` as Java's constants are written: PARTITION_CHANGE_RECORD. */
function constantCase(name: string): string {
  return name.replace(/(?<!^)([A-Z])/g, '_$1').toUpperCase();
}
