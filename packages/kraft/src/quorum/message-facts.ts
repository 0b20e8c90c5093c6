import type { Fields } from '@biquorum/platform';
import type { RaftMessage } from '@biquorum/raft';

/** What is told of a message about who leads; undefined for those that move the log, which never end. */
export function messageFacts(message: RaftMessage): Fields | undefined {
  const { type } = message;
  switch (type) {
    case 'vote':
      return {
        type,
        epoch: message.epoch,
        candidate: message.candidate.id,
        lastEpoch: message.lastEpoch,
        end: message.end,
        ...(message.preVote ? { preVote: true } : {}),
      };
    case 'voteReply':
      return { type, epoch: message.epoch, granted: message.granted, ...refusal(message.error) };
    case 'beginQuorum':
    case 'endQuorum':
      return { type, epoch: message.epoch, leader: message.leader };
    case 'beginQuorumReply':
    case 'endQuorumReply':
      return { type, epoch: message.epoch, leader: message.leader, ...refusal(message.error) };
    case 'fetch':
    case 'fetchReply':
    case 'fetchSnapshot':
    case 'fetchSnapshotReply':
    case 'updateVoter':
    case 'updateVoterReply':
      return undefined;
  }
}

function refusal(error: string): Fields {
  return error === 'none' ? {} : { error };
}
