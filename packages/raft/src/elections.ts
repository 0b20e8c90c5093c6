import { NO_NODE, type NodeId, type Token } from '@biquorum/consensus';
import type { Core } from './core.ts';
import type { BeginQuorumRequest, EndQuorumRequest, ErrorCode, ReplicaKey, VoteRequest } from './messages.ts';
import { Follower } from './states/follower.ts';
import { sameDirectory } from './voters.ts';

/** Answers a vote or a pre-vote (KIP-595, KIP-996; Kafka: KafkaRaftClient.handleVoteRequest). */
export function handleVote(core: Core, token: Token, request: VoteRequest): void {
  const { epoch, candidate, preVote } = request;
  const error = voteError(core, request);
  if (error === null && epoch > core.quorum.epoch)
    core.quorum.becomeUnattached(epoch, `${candidate.id} stands in epoch ${epoch}`);
  const granted = error === null && (preVote ? wouldVote(core, request) : mayVote(core, request));
  if (granted && !preVote && core.quorum.role.voted === null) core.quorum.becomeVoted(candidate);
  core.out.answer(token, { ...core.reply(error ?? 'none'), type: 'voteReply', granted });
}

/** A node says that it leads; following it is also the proof of leadership that its reads wait for. */
export function handleBeginQuorum(core: Core, token: Token, request: BeginQuorumRequest): void {
  const { epoch, leader, voter, leaderAddress } = request;
  let error: ErrorCode = 'none';
  if (!isMe(core, voter)) error = 'invalidVoterKey';
  else if (epoch < core.quorum.epoch) error = 'fencedLeaderEpoch';
  else if (leader < 0 || leader === core.id) error = 'invalidRequest';
  else {
    core.learnAddress(leader, leaderAddress);
    core.quorum.observe(epoch, leader, true);
    const { role } = core.quorum;
    if (role.name !== 'follower' || role.leader !== leader) error = 'invalidRequest';
  }
  core.out.answer(token, { ...core.reply(error), type: 'beginQuorumReply' });
}

/** The leader has resigned: its followers stand for election in the order that it wishes. */
export function handleEndQuorum(core: Core, token: Token, request: EndQuorumRequest): void {
  const { epoch, leader, successors } = request;
  if (epoch < core.quorum.epoch) {
    core.out.answer(token, { ...core.reply('fencedLeaderEpoch'), type: 'endQuorumReply' });
    return;
  }
  core.quorum.observe(epoch, leader, true);
  const { role } = core.quorum;
  core.out.answer(token, { ...core.reply('none'), type: 'endQuorumReply' });
  if (role instanceof Follower && role.leader === leader) {
    role.leaderResigned(successorDelayMs(core.key, successors, core.options.electionBackoffMaxMs));
  }
}

/** How long a follower waits after its leader resigned: the first successor not at all, who is not named the longest. */
export function successorDelayMs(key: ReplicaKey, successors: readonly ReplicaKey[], backoffMaxMs: number): number {
  const place = successors.findIndex(({ id, directory }) => id === key.id && sameDirectory(directory, key.directory));
  if (place === 0) return 0;
  if (place < 0) return backoffMaxMs;
  // Kafka's arithmetic on ints: the last one waits half of the most.
  return Math.min(backoffMaxMs, Math.floor(backoffMaxMs / 2 ** (successors.length - 1)) * 2 ** (place - 1));
}

function voteError(core: Core, { epoch, voter, candidate, lastEpoch, end, preVote }: VoteRequest): ErrorCode | null {
  if (!isMe(core, voter)) return 'invalidVoterKey';
  const newestPossible = preVote ? epoch : epoch - 1;
  if (candidate.id < 0 || end < 0 || lastEpoch < 0 || lastEpoch > newestPossible) return 'invalidRequest';
  return epoch < core.quorum.epoch ? 'fencedLeaderEpoch' : null;
}

/** A real vote: one in each epoch, never with a leader known, only for a log that is not behind. */
function mayVote(core: Core, request: VoteRequest): boolean {
  const { name, voted, leader } = core.quorum.role;
  if (core.installing !== null) return false;
  if (name !== 'unattached' && name !== 'prospective') return false;
  if (voted !== null) return voted.id === request.candidate.id && voted.directory === request.candidate.directory;
  return leader === NO_NODE && isUpToDate(core, request);
}

/** A pre-vote changes nothing; a follower that its leader serves refuses, so that a cut-off node disturbs nobody. */
function wouldVote(core: Core, request: VoteRequest): boolean {
  const { role } = core.quorum;
  if (core.installing !== null || role.name === 'leader') return false;
  if (role instanceof Follower && role.hasFetched) return false;
  return isUpToDate(core, request);
}

/** Raft §5.4.1: the candidate's last entry is of a newer epoch, or of the same and its log is as long. */
function isUpToDate({ log }: Core, { lastEpoch, end }: VoteRequest): boolean {
  return lastEpoch > log.lastEpoch || (lastEpoch === log.lastEpoch && end >= log.end);
}

function isMe(core: Core, voter: { readonly id: NodeId; readonly directory: string }): boolean {
  return voter.id === core.id && sameDirectory(voter.directory, core.key.directory);
}
