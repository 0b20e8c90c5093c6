import type { Entry, Filling, NodeId, Position, RequestId, Restored, Write, WriteId } from './contract.ts';

/**
 * Where an engine's log, durable state and snapshots live. Writes take effect in the order of the calls and are seen
 * at once by reads; what is on the disk is told through {@link StorageEvents}, never from inside a call.
 */
export interface EngineStorage<Durable> {
  /** Reads everything that an engine is made from. To be called once, before all else. */
  open(events: StorageEvents): Promise<Restored<Durable>>;

  /** Takes a write in; it is on its way to the disk after {@link flush}, and {@link StorageEvents.written} follows. */
  write(write: Write<Durable>): void;

  /** Starts all writes taken in since the last call. The driver calls it at the end of each turn, after all sends. */
  flush(): void;

  /**
   * Whole entries from `from` on that start below `upTo`, as many as fit into `bytesMax` (at least one). `missing` when
   * `from` is no longer held. May call `done` before it returns.
   */
  readEntries(from: number, upTo: number, bytesMax: number, done: (filling: Filling) => void): void;

  /** Bytes of a snapshot file as it is sent to others. May call `done` before it returns. */
  readSnapshot(id: Position, position: number, bytesMax: number, done: (filling: Filling) => void): void;

  /** The machine's part of a snapshot. Rejects when it is damaged or missing. */
  loadSnapshot(id: Position): Promise<Uint8Array>;

  /** Keeps a snapshot of the machine; {@link StorageEvents.snapshotWritten} follows. */
  writeSnapshot(id: Position, context: Uint8Array, state: Uint8Array): void;

  /** Keeps bytes of a snapshot that is being received; position 0 starts over. */
  receiveSnapshot(id: Position, position: number, bytes: Uint8Array): void;

  /** Puts the received snapshot in place of the log; {@link StorageEvents.snapshotInstalled} follows. */
  installSnapshot(id: Position, size: number): void;

  /** Gives up files; what is not on the disk may be lost. Resolves when nothing is under way any more. */
  close(): Promise<void>;
}

/** What storage tells the driver. */
export interface StorageEvents {
  /** This write and all before it are on the disk. */
  written(write: WriteId): void;
  snapshotWritten(id: Position, size: number): void;
  /** A context of null: the bytes were damaged and have been dropped. */
  snapshotInstalled(id: Position, size: number, context: Uint8Array | null): void;
  /** The disk failed: nothing more will be written, the node must stop. */
  failed(error: unknown): void;
}

/** How a node's messages reach the others. Sends never block and never throw; what cannot be sent is lost. */
export interface Transport<Message> {
  /** Begins to deliver. To be called once. */
  start(events: TransportEvents<Message>): void;
  /** Sends to a member; with a `request` other than 0 an answer is wanted. */
  send(channel: string, to: NodeId, message: Message, request: RequestId): void;
  /** Makes a link of a `fifo` channel; see the engine's effect `dial`. Needed where such a channel is declared. */
  dial?(channel: string, to: NodeId): void;
  /** Ends a link of a `fifo` channel; see the engine's effect `hangUp`. Needed where such a channel is declared. */
  hangUp?(channel: string, to: NodeId): void;
  /**
   * Calls `run` once there is room for much more on a link of a `fifo` channel: at once, later, or (when the link goes
   * down) never. Without it there is always room.
   */
  whenRoom?(channel: string, to: NodeId, run: () => void): void;
  /** Learns where a member can be reached. */
  learn(id: NodeId, address: string): void;
  close(): Promise<void>;
}

/** What a transport tells the driver. Each returns false when there is no room; see {@link Transport}. */
export interface TransportEvents<Message> {
  /** A message, or an answer (`inReplyTo` other than 0). */
  message(channel: string, from: NodeId, inReplyTo: RequestId, message: Message): boolean;
  /** A request; `reply` sends the answer back the way it came, at most once. */
  request(channel: string, from: NodeId, message: Message, reply: (message: Message) => void): boolean;
  /** @param gone the peer's process has ended, as far as can be told from here; see the engine's `link` input */
  link(channel: string, peer: NodeId, up: boolean, gone?: boolean): void;
}

/** What the driver applies committed entries to. */
export interface DriverMachine {
  /** Applies one committed entry; control entries come too, so that positions stay without gaps. */
  apply(entry: Entry): void;
  /** The whole state, as of the last applied entry. */
  snapshot(): Uint8Array;
  /** Replaces the whole state. */
  restore(state: Uint8Array, id: Position): void;
}
