/**
 * ZooKeeper's bytes: jute records of client requests and replies, transactions, packets between servers, votes.
 *
 * @packageDocumentation
 */
export { type CreateMode, createMode, createModeOf } from './create-mode.ts';
export { ErrorCode, type ErrorName, errorName } from './error-codes.ts';
export * from './jute.ts';
export { OpCode, type OpName, opName, Xid } from './opcodes.ts';
export * from './quorum/ensemble-text.ts';
export { PacketStream, type PacketStreamLimits } from './quorum/packet-stream.ts';
export {
  SNAPSHOT_SIGNATURE,
  type SnapshotStreamLimits,
  SnapshotStreamScanner,
} from './quorum/snapshot-stream.ts';
export * from './records/data.ts';
export * from './records/election.ts';
export * from './records/learner.ts';
export * from './records/multi.ts';
export * from './records/quorum.ts';
export * from './records/replies.ts';
export * from './records/requests.ts';
export * from './records/session.ts';
export * from './records/txn.ts';
export { sessionPassword } from './session-password.ts';
export { AddWatchMode, type EventName, EventType, eventName, KeeperState, WatcherType } from './watch-events.ts';
export { COUNTER_MAX, counterOf, EPOCH_MAX, epochOf, formatZxid, type Zxid, zxidOf } from './zxid.ts';
