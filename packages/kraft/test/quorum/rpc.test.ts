import assert from 'node:assert';
import { errorCode, uuid, ZERO_UUID } from '@biquorum/kafka-wire';
import { beginQuorumEpochRequest, beginQuorumEpochResponse } from '@biquorum/kafka-wire/messages/begin-quorum-epoch';
import { endQuorumEpochRequest, endQuorumEpochResponse } from '@biquorum/kafka-wire/messages/end-quorum-epoch';
import { fetchRequest, fetchResponse } from '@biquorum/kafka-wire/messages/fetch';
import { fetchSnapshotRequest, fetchSnapshotResponse } from '@biquorum/kafka-wire/messages/fetch-snapshot';
import { updateRaftVoterRequest } from '@biquorum/kafka-wire/messages/update-raft-voter';
import { voteRequest, voteResponse } from '@biquorum/kafka-wire/messages/vote';
import type { FetchReply, FetchRequest } from '@biquorum/raft';
import { describe, it } from 'vitest';
import { encodeBatch } from '../../src/quorum/metadata-batches.ts';
import { METADATA_TOPIC_ID } from '../../src/quorum/names.ts';
import { beginQuorumEpochRpc } from '../../src/quorum/rpc/begin-quorum-epoch.ts';
import { endQuorumEpochRpc } from '../../src/quorum/rpc/end-quorum-epoch.ts';
import { fetchRpc } from '../../src/quorum/rpc/fetch.ts';
import { fetchSnapshotRpc } from '../../src/quorum/rpc/fetch-snapshot.ts';
import type { QuorumIdentity } from '../../src/quorum/rpc/quorum-rpc.ts';
import { updateRaftVoterRpc } from '../../src/quorum/rpc/update-raft-voter.ts';
import { voteRpc } from '../../src/quorum/rpc/vote.ts';
import { setRecord } from './support/recording-follower.ts';

const SELF: QuorumIdentity = { clusterId: 'ours', nodeId: 2, listenerName: 'CONTROLLER' };
const DIRECTORY = 'Axt-zhbhRvGoHt3e_TDLcQ';
const TOPIC = '__cluster_metadata';
const REPLY = { error: 'none', epoch: 7, leader: 3, leaderAddress: 'OTHER://a:1,CONTROLLER://[::1]:9093#0-1' } as const;

/** A reply to each RPC goes to whoever asked in a version, and comes back as it was. */
describe('Vote', () => {
  const partition = { partitionIndex: 0, candidateEpoch: 7, candidateId: 1, lastOffsetEpoch: 6, lastOffset: 40 };

  it('is served in version 0, which says neither who is asked nor on which disk', () => {
    const body = voteRequest.toBytes({ clusterId: 'ours', topics: [{ topicName: TOPIC, partitions: [partition] }] }, 0);
    assert.deepEqual(voteRpc.decodeRequest(body, 0, SELF), {
      kind: 'request',
      from: 1,
      message: {
        type: 'vote',
        epoch: 7,
        candidate: { id: 1, directory: '' },
        voter: { id: 2, directory: '' },
        lastEpoch: 6,
        end: 40,
        preVote: false,
      },
    });
    const response = voteRpc.encodeReply({ ...REPLY, type: 'voteReply', granted: true }, 0, SELF);
    const { topics } = voteResponse.fromBytes(response, 0);
    assert.deepEqual(topics[0]?.partitions[0], {
      partitionIndex: 0,
      errorCode: 0,
      leaderId: 3,
      leaderEpoch: 7,
      voteGranted: true,
    });
  });

  it('keeps directories in version 1, and tells where the leader is on the listener of the quorum', () => {
    const message = {
      type: 'vote',
      epoch: 7,
      candidate: { id: 1, directory: DIRECTORY },
      voter: { id: 2, directory: '' },
      lastEpoch: 6,
      end: 40,
      preVote: false,
    } as const;
    const body = voteRpc.encodeRequest(message, SELF);
    assert.equal(voteRequest.fromBytes(body, 1).topics[0]?.partitions[0]?.voterDirectoryId, ZERO_UUID);
    assert.deepEqual(voteRpc.decodeRequest(body, 1, SELF), { kind: 'request', from: 1, message });
    const response = voteRpc.encodeReply({ ...REPLY, type: 'voteReply', granted: false }, 1, SELF);
    assert.deepEqual(
      voteResponse.fromBytes(response, 1).nodeEndpoints.map(({ nodeId, host, port }) => [nodeId, host, port]),
      [[3, '::1', 9093]],
    );
    assert.deepEqual(voteRpc.decodeReply(response, message), {
      ...REPLY,
      leaderAddress: '[::1]:9093',
      type: 'voteReply',
      granted: false,
    });
  });

  it('is refused from another cluster, and for another partition; a refusal counts as no answer', () => {
    const topics = [{ topicName: TOPIC, partitions: [partition] }];
    const other = voteRpc.decodeRequest(voteRequest.toBytes({ clusterId: 'theirs', topics }, 1), 1, SELF);
    assert.deepEqual(other, { kind: 'refusal', errorCode: errorCode('INCONSISTENT_CLUSTER_ID') });
    const elsewhere = [{ topicName: 'topic', partitions: [partition] }];
    const wrong = voteRpc.decodeRequest(voteRequest.toBytes({ topics: elsewhere }, 1), 1, SELF);
    assert.deepEqual(wrong, { kind: 'refusal', errorCode: errorCode('INVALID_REQUEST') });
    assert(wrong.kind === 'refusal');
    const reply = voteRpc.decodeReply(voteRpc.encodeRefusal(wrong, 1), {} as never);
    assert('kind' in reply && reply.kind === 'fault');
  });
});

describe('BeginQuorumEpoch and EndQuorumEpoch', () => {
  it('are served in version 0: no endpoints, and successors without directories', () => {
    const partition = { partitionIndex: 0, leaderId: 1, leaderEpoch: 7 };
    const topics = [{ topicName: TOPIC, partitions: [partition] }];
    const begin = beginQuorumEpochRpc.decodeRequest(beginQuorumEpochRequest.toBytes({ topics }, 0), 0, SELF);
    assert.deepEqual(begin, {
      kind: 'request',
      from: 1,
      message: { type: 'beginQuorum', epoch: 7, leader: 1, leaderAddress: '', voter: { id: 2, directory: '' } },
    });
    const end = endQuorumEpochRpc.decodeRequest(
      endQuorumEpochRequest.toBytes(
        { topics: [{ topicName: TOPIC, partitions: [{ ...partition, preferredSuccessors: [3, 2] }] }] },
        0,
      ),
      0,
      SELF,
    );
    assert.deepEqual(end, {
      kind: 'request',
      from: 1,
      message: {
        type: 'endQuorum',
        epoch: 7,
        leader: 1,
        successors: [
          { id: 3, directory: '' },
          { id: 2, directory: '' },
        ],
      },
    });
    const reply = { ...REPLY, error: 'fencedLeaderEpoch' } as const;
    const code = errorCode('FENCED_LEADER_EPOCH');
    const begun = beginQuorumEpochRpc.encodeReply({ ...reply, type: 'beginQuorumReply' }, 0, SELF);
    assert.equal(beginQuorumEpochResponse.fromBytes(begun, 0).topics[0]?.partitions[0]?.errorCode, code);
    const ended = endQuorumEpochRpc.encodeReply({ ...reply, type: 'endQuorumReply' }, 0, SELF);
    assert.equal(endQuorumEpochResponse.fromBytes(ended, 0).topics[0]?.partitions[0]?.errorCode, code);
  });

  it('carry all listeners of the leader in version 1', () => {
    const leaderAddress = 'CONTROLLER://a:1,OTHER://b:2';
    const message = {
      type: 'beginQuorum',
      epoch: 7,
      leader: 1,
      leaderAddress,
      voter: { id: 2, directory: DIRECTORY },
    } as const;
    const body = beginQuorumEpochRpc.encodeRequest(message, SELF);
    const { leaderEndpoints } = beginQuorumEpochRequest.fromBytes(body, 1);
    assert.deepEqual(
      leaderEndpoints.map(({ name, host, port }) => [name, host, port]),
      [
        ['CONTROLLER', 'a', 1],
        ['OTHER', 'b', 2],
      ],
    );
    assert.deepEqual(beginQuorumEpochRpc.decodeRequest(body, 1, SELF), { kind: 'request', from: 1, message });
  });
});

describe('Fetch', () => {
  const request: FetchRequest = {
    type: 'fetch',
    epoch: 7,
    replica: { id: 5, directory: DIRECTORY },
    offset: 10,
    lastEpoch: 6,
    highWatermark: -1,
    waitMs: 500,
    bytesMax: 1024,
  };
  const batch = (baseOffset: number, epoch: number, count = 2): Uint8Array =>
    encodeBatch(
      Array.from({ length: count }, () => setRecord('name', 'value')),
      { baseOffset, epoch, timestampMs: 1 },
    ).slice();
  const answer = (...batches: Uint8Array[]): ReturnType<typeof fetchRpc.decodeReply> => {
    const partition = {
      partitionIndex: 0,
      highWatermark: 3,
      currentLeader: { leaderId: 3, leaderEpoch: 7 },
      records: new Uint8Array(Buffer.concat(batches)),
    };
    const responses = [{ topicId: METADATA_TOPIC_ID, partitions: [partition] }];
    return fetchRpc.decodeReply(fetchResponse.toBytes({ responses }, 17), request);
  };
  const offsetsIn = (reply: ReturnType<typeof fetchRpc.decodeReply>): number[] => {
    assert('entries' in reply, JSON.stringify(reply));
    return reply.entries.map(({ index }) => index);
  };

  it('is served from version 13 on, where topics are named by their id, and refused below', () => {
    const partition = { partition: 0, currentLeaderEpoch: 7, fetchOffset: 10, lastFetchedEpoch: 6 };
    for (let version = 12; version <= 17; version++) {
      const topic = version < 13 ? { topic: TOPIC } : { topicId: METADATA_TOPIC_ID };
      const replica = version < 15 ? { replicaId: 5 } : { replicaState: { replicaId: 5 } };
      const body = fetchRequest.toBytes(
        { ...replica, maxWaitMs: 500, maxBytes: 1024, topics: [{ ...topic, partitions: [partition] }] },
        version,
      );
      const decoded = fetchRpc.decodeRequest(body, version, SELF);
      const expected =
        version < 13
          ? { kind: 'refusal', errorCode: errorCode('INVALID_REQUEST') }
          : { kind: 'request', from: 5, message: { ...request, replica: { id: 5, directory: '' } } };
      assert.deepEqual(decoded, expected, `version ${version}`);
    }
    assert.deepEqual(fetchRpc.decodeRequest(fetchRpc.encodeRequest(request, SELF), 17, SELF), {
      kind: 'request',
      from: 5,
      message: request,
    });
  });

  it('tells where logs part, and which snapshot is to be loaded', () => {
    for (const part of [
      { diverging: { epoch: 5, index: 8 }, snapshot: null },
      { diverging: null, snapshot: { epoch: 5, index: 8 } },
    ]) {
      const reply: FetchReply = {
        ...REPLY,
        ...part,
        type: 'fetchReply',
        leaderAddress: '[::1]:9093',
        highWatermark: 9,
        logStart: 4,
        offset: 10,
        entries: [],
      };
      assert.deepEqual(fetchRpc.decodeReply(fetchRpc.encodeReply(reply, 17, SELF), request), reply);
    }
  });

  it('takes whole batches, and leaves out what is cut off at the end', () => {
    assert.deepEqual(offsetsIn(answer(batch(10, 6), batch(12, 7), batch(14, 7).subarray(0, 70))), [10, 12]);
    assert.deepEqual(offsetsIn(answer()), []);
  });

  it('leaves out batches of later epochs than that of the leader that was asked (KAFKA-18723)', () => {
    assert.deepEqual(offsetsIn(answer(batch(10, 7), batch(12, 8), batch(14, 8))), [10]);
  });

  it('takes nothing of an answer with a gap, a falling epoch or a changed bit', () => {
    const changed = batch(10, 7);
    changed[70] = (changed[70] as number) ^ 1;
    for (const bad of [[batch(11, 7)], [batch(10, 7), batch(13, 7)], [batch(10, 5)], [changed]]) {
      const reply = answer(...bad);
      assert('kind' in reply && reply.kind === 'fault');
    }
  });
});

describe('FetchSnapshot', () => {
  it('is served in versions 0 and 1', () => {
    const partition = {
      partition: 0,
      currentLeaderEpoch: 7,
      snapshotId: { endOffset: 8, epoch: 5 },
      position: 100,
    };
    for (const version of [0, 1]) {
      const topics = [{ name: TOPIC, partitions: [partition] }];
      const body = fetchSnapshotRequest.toBytes({ replicaId: 5, maxBytes: 64, topics }, version);
      assert.deepEqual(fetchSnapshotRpc.decodeRequest(body, version, SELF), {
        kind: 'request',
        from: 5,
        message: {
          type: 'fetchSnapshot',
          epoch: 7,
          replica: { id: 5, directory: '' },
          snapshot: { epoch: 5, index: 8 },
          position: 100,
          bytesMax: 64,
        },
      });
      const bytes = new Uint8Array([1, 2, 3]);
      const reply = { ...REPLY, type: 'fetchSnapshotReply', snapshot: { epoch: 5, index: 8 }, size: 103 } as const;
      const response = fetchSnapshotRpc.encodeReply({ ...reply, position: 100, bytes }, version, SELF);
      const answered = fetchSnapshotResponse.fromBytes(response, version).topics[0]?.partitions[0];
      assert.deepEqual(
        [answered?.size, answered?.position, answered?.unalignedRecords, answered?.currentLeader.leaderEpoch],
        [103, 100, bytes, 7],
      );
    }
  });
});

describe('UpdateRaftVoter', () => {
  it('carries listeners and versions as one address, and is refused without the listener of the quorum', () => {
    const address = 'CONTROLLER://a:1,OTHER://b:2#0-1';
    const message = { type: 'updateVoter', epoch: 7, voter: { id: 1, directory: DIRECTORY }, address } as const;
    const body = updateRaftVoterRpc.encodeRequest(message, SELF);
    assert.deepEqual(updateRaftVoterRpc.decodeRequest(body, 0, SELF), { kind: 'request', from: 1, message });
    const request = updateRaftVoterRequest.fromBytes(body, 0);
    assert.equal(request.voterDirectoryId, uuid(DIRECTORY));
    const listeners = request.listeners.slice(1);
    const refused = updateRaftVoterRpc.decodeRequest(
      updateRaftVoterRequest.toBytes({ ...request, listeners }, 0),
      0,
      SELF,
    );
    assert.deepEqual(refused, { kind: 'refusal', errorCode: errorCode('INVALID_REQUEST') });
  });
});
