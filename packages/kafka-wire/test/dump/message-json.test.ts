import { messageJson } from '@biquorum/kafka-wire/dump';
import { produceRequest } from '@biquorum/kafka-wire/messages/produce';
import {
  decodeMetadataRecord,
  encodeMetadataRecord,
  metadataRecordCodecs,
} from '@biquorum/kafka-wire/metadata-records';
import { expect, it } from 'vitest';
import { uuid } from '../../src/uuid.ts';

// What Java's dump-log printed for records with these contents (Kafka 3.9.2).
const PARTITION =
  '{"partitionId":0,"topicId":"H72KqKp4TZyHSked-f-tTg","replicas":[1],"isr":[1],"removingReplicas":[],"addingReplicas":[],"leader":1,"leaderEpoch":0,"partitionEpoch":0,"directories":["SIy0UovAS9CEjpqR6xTL9A"]}';
const CHANGE = '{"partitionId":0,"topicId":"H72KqKp4TZyHSked-f-tTg","leader":-1}';

it('gives records the form of JSON that Java gives them', () => {
  const partition = encodeMetadataRecord(
    {
      type: 'PartitionRecord',
      record: {
        topicId: uuid('H72KqKp4TZyHSked-f-tTg'),
        replicas: [1],
        isr: [1],
        partitionId: 0,
        leader: 1,
        leaderEpoch: 0,
        partitionEpoch: 0,
        directories: [uuid('SIy0UovAS9CEjpqR6xTL9A')],
      },
    },
    1,
  );
  const { version, record } = decodeMetadataRecord(partition);
  expect(JSON.stringify(messageJson<unknown>(metadataRecordCodecs.PartitionRecord, record, version))).toBe(PARTITION);
});

it('leaves tagged fields out that hold their default', () => {
  const change = encodeMetadataRecord(
    { type: 'PartitionChangeRecord', record: { partitionId: 0, topicId: uuid('H72KqKp4TZyHSked-f-tTg'), leader: -1 } },
    1,
  );
  const { version, record } = decodeMetadataRecord(change);
  expect(JSON.stringify(messageJson<unknown>(metadataRecordCodecs.PartitionChangeRecord, record, version))).toBe(
    CHANGE,
  );
});

it('shows bytes as base64, or as whoever knows them says', () => {
  const records = new Uint8Array([1, 2, 3]);
  const request = produceRequest.fromBytes(
    produceRequest.toBytes(
      { acks: -1, timeoutMs: 5, topicData: [{ name: 't', partitionData: [{ index: 4, records }] }] },
      9,
    ),
    9,
  );
  const of = (content: unknown): object => ({
    transactionalId: null,
    acks: -1,
    timeoutMs: 5,
    topicData: [{ name: 't', partitionData: [{ index: 4, records: content }] }],
  });
  expect(messageJson(produceRequest, request, 9)).toEqual(of('AQID'));
  expect(messageJson(produceRequest, request, 9, (field, bytes) => `${field}: ${bytes.length}`)).toEqual(
    of('records: 3'),
  );
});
