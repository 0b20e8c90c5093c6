/**
 * A ZooKeeper server's state: the tree of znodes, watches, sessions and access, as pure state machines.
 *
 * @packageDocumentation
 */

export { ClientConnection, type ClientLink } from './server/client-connection.ts';
export { ClientListener, type ClientListenerOptions } from './server/client-listener.ts';
export type { Apply, Pipeline, Submission } from './server/pipeline.ts';
export { Server, type ServerOptions } from './server/server.ts';
export { type StandaloneClock, type StandaloneOptions, StandaloneServer } from './server/standalone.ts';
export * from './tree/access.ts';
export { type Applied, applyTxn, type SessionTable } from './tree/apply-txn.ts';
export { DataTree, type NewNode, type SnapshotNode, type TreeChange, type TreeFault } from './tree/data-tree.ts';
export { DIGEST_VERSION, nodeDigest } from './tree/digest.ts';
export { digestId } from './tree/digest-id.ts';
export {
  basicKinds,
  CONTAINER_OWNER,
  extendedKinds,
  type NodeKind,
  type NodeKinds,
  TTL_MS_MAX,
} from './tree/node-kinds.ts';
export { CONFIG, faultOfPath, nameOf, parentOf, QUOTA, ZOOKEEPER } from './tree/paths.ts';
export { type PrepareOptions, Preparer, type RequestOrigin, type WriteRequest } from './tree/prepare.ts';
export { SessionTracker } from './tree/session-tracker.ts';
export { type Change, eventTypeOf, type WatchCounts, Watches, type WatchMode, WatchTable } from './tree/watches.ts';
