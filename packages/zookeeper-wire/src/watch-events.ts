/** What can happen to a watched node. Source: Java `Watcher.Event.EventType`. */
export const EventType = {
  /** The session's state changed; never sent, made by clients. */
  None: -1,
  NodeCreated: 1,
  NodeDeleted: 2,
  NodeDataChanged: 3,
  NodeChildrenChanged: 4,
  /** Made by clients when a watch was removed. */
  DataWatchRemoved: 5,
  ChildWatchRemoved: 6,
  PersistentWatchRemoved: 7,
} as const;

/** The name of an event. */
export type EventName = keyof typeof EventType;

const names: ReadonlyMap<number, EventName> = new Map(
  Object.entries(EventType).map(([name, code]) => [code, name as EventName]),
);

/** The name of an event's number; undefined when ZooKeeper has none. */
export function eventName(code: number): EventName | undefined {
  return names.get(code);
}

/** The state of a client's connection. A server sends `SyncConnected` only. Source: Java `Watcher.Event.KeeperState`. */
export const KeeperState = {
  Disconnected: 0,
  SyncConnected: 3,
  AuthFailed: 4,
  ConnectedReadOnly: 5,
  SaslAuthenticated: 6,
  Closed: 7,
  Expired: -112,
} as const;

/** How a watch of `addWatch` behaves. Source: Java `AddWatchMode`. */
export const AddWatchMode = { persistent: 0, persistentRecursive: 1 } as const;

/** Which watches `checkWatches` and `removeWatches` are about. Source: Java `Watcher.WatcherType`. */
export const WatcherType = { Children: 1, Data: 2, Any: 3, Persistent: 4, PersistentRecursive: 5 } as const;
