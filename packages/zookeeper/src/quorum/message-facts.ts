import type { Fields } from '@biquorum/platform';
import { counterOf, epochOf, showZxid, type ZabMessage } from '@biquorum/zab';

/**
 * What is told of a message: votes, and what a leader and a learner say until the learner serves. Undefined for what
 * goes on without end afterwards.
 */
export function messageFacts(message: ZabMessage): Fields | undefined {
  const { type } = message;
  switch (type) {
    case 'notification':
      return {
        type,
        state: message.state,
        vote: message.leader,
        zxid: message.zxid < 0 ? String(message.zxid) : showZxid(message.zxid),
        round: message.electionEpoch,
        epoch: message.peerEpoch,
      };
    case 'followerInfo':
    case 'observerInfo':
      return { type, epoch: message.acceptedEpoch };
    case 'leaderInfo':
      return { type, epoch: message.epoch };
    case 'ackEpoch':
      return { type, epoch: message.currentEpoch, zxid: showZxid(message.zxid) };
    case 'diff':
    case 'trunc':
    case 'snap':
      return { type, zxid: showZxid(message.zxid) };
    case 'newLeader':
      return { type, epoch: epochOf(message.zxid) };
    case 'upToDate':
      return { type };
    case 'ack':
      // The end of the synchronisation, and not one of the proposals.
      return counterOf(message.zxid) === 0 ? { type: 'ackNewLeader', epoch: epochOf(message.zxid) } : undefined;
    case 'snapshotChunk':
    case 'history':
    case 'proposal':
    case 'inform':
    case 'commit':
    case 'commitAndActivate':
    case 'informAndActivate':
    case 'ping':
    case 'application':
      return undefined;
  }
}
