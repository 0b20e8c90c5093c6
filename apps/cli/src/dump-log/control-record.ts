import {
  controlRecordTypeOf,
  describeControlRecordFault,
  type MessageCodec,
  markerCoordinatorEpochOf,
  ProtocolError,
  type RecordCursor,
} from '@biquorum/kafka-wire';
import { type JsonValue, messageJson } from '@biquorum/kafka-wire/dump';
import {
  kRaftVersionRecord,
  leaderChangeMessage,
  snapshotFooterRecord,
  snapshotHeaderRecord,
  votersRecord,
} from '@biquorum/kafka-wire/raft';
import { ByteReader } from '@biquorum/std';

/** What a control record is, in the words of Apache's tool, and what it says. */
export function controlContent(record: RecordCursor): { readonly type: string; readonly data: JsonValue } {
  const type = controlRecordTypeOf(record);
  if (typeof type === 'number') return { type: `UNKNOWN(${type})`, data: null };
  if (typeof type === 'object') return { type: `UNKNOWN (${describeControlRecordFault(type)})`, data: null };
  switch (type) {
    case 'abort':
    case 'commit': {
      const epoch = markerCoordinatorEpochOf(record);
      const data = typeof epoch === 'number' ? { coordinatorEpoch: epoch } : describeControlRecordFault(epoch);
      return { type: type.toUpperCase(), data };
    }
    case 'leader-change':
      return { type: 'LEADER_CHANGE(2)', data: dataOf(leaderChangeMessage, record) };
    case 'snapshot-header':
      return { type: 'SnapshotHeader', data: dataOf(snapshotHeaderRecord, record) };
    case 'snapshot-footer':
      return { type: 'SnapshotFooter', data: dataOf(snapshotFooterRecord, record) };
    case 'kraft-version':
      return { type: 'KRaftVersion', data: dataOf(kRaftVersionRecord, record) };
    case 'kraft-voters':
      return { type: 'KRaftVoters', data: dataOf(votersRecord, record) };
  }
}

/** Control records of quorums begin with their version, which is a field of theirs, too. */
function dataOf<Message>(codec: MessageCodec<Message>, record: RecordCursor): JsonValue {
  const value = record.value() ?? new Uint8Array(0);
  const version = value.length < 2 ? 0 : ((value[0] as number) << 8) | (value[1] as number);
  try {
    return messageJson(codec, codec.decode(new ByteReader(value), version), version);
  } catch (error) {
    if (error instanceof ProtocolError) return error.message;
    throw error;
  }
}
