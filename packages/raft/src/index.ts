/**
 * Raft in KRaft's flavour, as a pure engine on the contract of `@biquorum/consensus`: followers and observers pull,
 * leaders answer; pre-vote, check-quorum, snapshots, single-server voter changes, linearizable reads.
 *
 * @packageDocumentation
 */
export { type Control, type ControlCodec, controlCodec } from './controls.ts';
export { successorDelayMs } from './elections.ts';
export { raft } from './kind.ts';
export { LogShape } from './log-shape.ts';
export * from './messages.ts';
export { DEFAULT_OPTIONS, type RaftOptions } from './options.ts';
export { RaftEngine } from './raft.ts';
export { findVoter, sameDirectory, type Voter, VoterHistory, type VoterSet, voterSet } from './voters.ts';
