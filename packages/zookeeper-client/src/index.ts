/**
 * A client of ZooKeeper: sessions that move from server to server, watches that live on, pipelined requests, chroots,
 * and recipes.
 *
 * @packageDocumentation
 */
export { type ClientOptions, type NodeChildren, type NodeData, ZooKeeperClient } from './client.ts';
export { type ConnectString, parseConnectString, type ServerAddress } from './connect-string.ts';
export type { CreateOptions, Operation, OperationResult } from './operations.ts';
export { DoubleBarrier } from './recipes/barrier.ts';
export { LeaderElection } from './recipes/leader-election.ts';
export { Lock } from './recipes/lock.ts';
export type { SessionState } from './session/session.ts';
export type { WatchEvent, WatchHandler } from './watch-event.ts';
export { MultiError, ZooKeeperError } from './zookeeper-error.ts';
