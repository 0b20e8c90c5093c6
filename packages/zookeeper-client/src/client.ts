import type { Network, Random, Telemetry, Timers } from '@biquorum/platform';
import type { ByteReader } from '@biquorum/std';
import {
  type Acl,
  AddWatchMode,
  aclReply,
  type ClientInfo,
  children2Reply,
  clientInfos,
  countReply,
  create2Reply,
  createRequest,
  createTtlRequest,
  dataReply,
  ErrorCode,
  errorName,
  type Jute,
  multiReply,
  multiRequest,
  names,
  OpCode,
  pathRecord,
  pathVersionRequest,
  pathWatchRequest,
  type Stat,
  setAclRequest,
  setDataRequest,
  statReply,
  toBytes,
  WatcherType,
  watchRequest,
} from '@biquorum/zookeeper-wire';
import { parseConnectString } from './connect-string.ts';
import { type CreateOptions, createOp, multiOp, type Operation, type OperationResult } from './operations.ts';
import { Session, type SessionState } from './session/session.ts';
import type { WatchEvent, WatchHandler } from './watch-event.ts';
import { type WatchKind, WatchRegistry } from './watch-registry.ts';
import { MultiError, ZooKeeperError } from './zookeeper-error.ts';

/** How to connect. */
export interface ClientOptions {
  /** `host:port,host:port/chroot`. */
  readonly connect: string;
  readonly ports: {
    readonly network: Network;
    readonly timers: Timers;
    readonly random: Random;
    readonly telemetry: Telemetry;
  };
  /** 18,000 by default; the server may grant another time. */
  readonly sessionTimeoutMs?: number;
  /** Requests that may be on their way at once; 1,000 by default. */
  readonly inFlightMax?: number;
  /** Requests that may wait to be sent; 100,000 by default. */
  readonly waitingMax?: number;
  /** The largest answer (`jute.maxbuffer`); 4 MiB by default. */
  readonly frameBytesMax?: number;
  /** Told of each change of the session's state. */
  readonly onState?: (state: SessionState) => void;
}

/** A node's data and state. */
export interface NodeData {
  readonly data: Uint8Array | null;
  readonly stat: Stat;
}

/** A node's children, in no order, and its state. */
export interface NodeChildren {
  readonly children: readonly string[];
  readonly stat: Stat;
}

const DEFAULTS = {
  sessionTimeoutMs: 18_000,
  inFlightMax: 1_000,
  waitingMax: 100_000,
  frameBytesMax: 4 * 1024 * 1024,
};

/**
 * A client of a ZooKeeper ensemble.
 *
 * Requests are pipelined and answered in their order. Each rejects with {@link ZooKeeperError}; with `ConnectionLoss` it
 * may or may not have taken effect. Watches live on when the client moves to another server. Paths are relative to the
 * chroot of the connect string, in both directions.
 *
 * ```ts
 * await using client = new ZooKeeperClient({ connect: '127.0.0.1:2181/app', ports: createNodePorts() });
 * await client.create('/a', new TextEncoder().encode('1'));
 * const { data, stat } = await client.getData('/a', (event) => console.log(event.type));
 * ```
 */
export class ZooKeeperClient implements AsyncDisposable {
  readonly #session: Session;
  readonly #watches: WatchRegistry = new WatchRegistry();
  readonly #chroot: string;
  readonly #stateWaiters: Set<() => void> = new Set();
  readonly #onState: ((state: SessionState) => void) | undefined;

  /** Begins to connect; requests wait until a server has given a session. @throws RangeError for a faulty connect string */
  constructor(options: ClientOptions) {
    const { servers, chroot } = parseConnectString(options.connect);
    const { sessionTimeoutMs, ...bounds } = { ...DEFAULTS, ...definedOf(options) };
    this.#chroot = chroot;
    this.#onState = options.onState;
    this.#session = new Session(
      { servers, timeoutMs: sessionTimeoutMs, ports: options.ports, ...bounds },
      {
        state: (state) => this.#stateChanged(state),
        event: (event) => this.#fire(event),
        watches: (relativeZxid, bytesMax) => this.#watches.again(relativeZxid, bytesMax),
      },
    );
    this.#session.start();
  }

  get state(): SessionState {
    return this.#session.state;
  }

  /** 0 until a server has given one. */
  get sessionId(): bigint {
    return this.#session.sessionId;
  }

  /** What the server has granted. */
  get sessionTimeoutMs(): number {
    return this.#session.timeoutMs;
  }

  /** The last transaction whose effect this client has seen. */
  get lastZxid(): number {
    return this.#session.lastZxid;
  }

  /** Resolves when the client is connected. @throws ZooKeeperError when its session is over */
  async untilConnected(): Promise<void> {
    while (this.state === 'connecting') {
      await new Promise<void>((resolve) => {
        this.#stateWaiters.add(resolve);
      });
    }
    if (this.state !== 'connected') {
      throw new ZooKeeperError(this.state === 'auth-failed' ? 'AuthFailed' : 'SessionExpired', null);
    }
  }

  /** Adds an identity; with scheme `digest`, `user:password`. It is given to every server from now on. */
  addAuth(scheme: string, auth: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#session.authenticate(scheme, auth, (err) => {
        if (err === ErrorCode.Ok) resolve();
        else reject(ZooKeeperError.of(err, null));
      });
    });
  }

  /** @returns The path, with the number that a sequential mode appended. */
  create(path: string, data: Uint8Array | null = null, options?: CreateOptions): Promise<string> {
    return this.#create(path, data, options, false).then((created) => created.path);
  }

  /** As {@link ZooKeeperClient.create}, with the new node's state. */
  async createWithStat(
    path: string,
    data: Uint8Array | null = null,
    options?: CreateOptions,
  ): Promise<{ readonly path: string; readonly stat: Stat }> {
    const { path: created, stat } = await this.#create(path, data, options, true);
    return { path: created, stat: stat as Stat };
  }

  /** Makes a node and whatever is missing above it; nodes that exist stay as they are. */
  async createPath(path: string, data: Uint8Array | null = null, acl?: readonly Acl[]): Promise<void> {
    const options = acl === undefined ? {} : { acl };
    try {
      await this.create(path, data, options);
    } catch (error) {
      if (!(error instanceof ZooKeeperError)) throw error;
      if (error.code === 'NodeExists') return;
      if (error.code !== 'NoNode') throw error;
      await this.createPath(path.slice(0, Math.max(1, path.lastIndexOf('/'))), null, acl);
      await this.createPath(path, data, acl);
    }
  }

  /** Makes the chroot itself, where it does not exist. */
  async createChroot(): Promise<void> {
    const parts = this.#chroot.split('/').slice(1);
    for (let count = 1; count <= parts.length; count++) {
      const path = `/${parts.slice(0, count).join('/')}`;
      const op = createOp(path, null);
      await this.#request(OpCode.create, toBytes(createRequest, op.request), path, () => {}).catch((error: unknown) => {
        if (!(error instanceof ZooKeeperError && error.code === 'NodeExists')) throw error;
      });
    }
  }

  /** @param version the version that is expected, −1 for any */
  delete(path: string, version: number = -1): Promise<void> {
    return this.#request(
      OpCode.delete,
      toBytes(pathVersionRequest, { path: this.#full(path), version }),
      path,
      () => {},
    );
  }

  /** Undefined when there is no such node; a watch then waits for its creation. */
  async exists(path: string, watch?: WatchHandler): Promise<Stat | undefined> {
    const full = this.#full(path);
    const body = toBytes(pathWatchRequest, { path: full, watch: watch !== undefined });
    try {
      const { stat } = await this.#watched(OpCode.exists, body, path, statReply, 'data', watch);
      return stat;
    } catch (error) {
      if (!(error instanceof ZooKeeperError && error.code === 'NoNode')) throw error;
      return undefined;
    }
  }

  getData(path: string, watch?: WatchHandler): Promise<NodeData> {
    const body = toBytes(pathWatchRequest, { path: this.#full(path), watch: watch !== undefined });
    return this.#watched(OpCode.getData, body, path, dataReply, 'data', watch);
  }

  getChildren(path: string, watch?: WatchHandler): Promise<NodeChildren> {
    const body = toBytes(pathWatchRequest, { path: this.#full(path), watch: watch !== undefined });
    return this.#watched(OpCode.getChildren2, body, path, children2Reply, 'child', watch);
  }

  /** @param version the version that is expected, −1 for any @returns The node's new state. */
  setData(path: string, data: Uint8Array | null, version: number = -1): Promise<Stat> {
    const body = toBytes(setDataRequest, { path: this.#full(path), data, version });
    return this.#request(OpCode.setData, body, path, (reader) => statReply.read(reader).stat);
  }

  getAcl(path: string): Promise<{ readonly acl: readonly Acl[]; readonly stat: Stat }> {
    const body = toBytes(pathRecord, { path: this.#full(path) });
    return this.#request(OpCode.getACL, body, path, (reader) => aclReply.read(reader));
  }

  /** @param version the `aversion` that is expected, −1 for any @returns The node's new state. */
  setAcl(path: string, acl: readonly Acl[], version: number = -1): Promise<Stat> {
    const body = toBytes(setAclRequest, { path: this.#full(path), acl, version });
    return this.#request(OpCode.setACL, body, path, (reader) => statReply.read(reader).stat);
  }

  /** Waits until this client's server has caught up with the leader as of now. */
  sync(path: string = '/'): Promise<void> {
    return this.#request(OpCode.sync, toBytes(pathRecord, { path: this.#full(path) }), path, () => {});
  }

  /**
   * All operations or none.
   *
   * @throws MultiError that names the operation that failed
   */
  multi(operations: readonly Operation[]): Promise<readonly OperationResult[]> {
    const ops = operations.map((operation) => multiOp(operation, this.#full(operation.path)));
    const paths = operations.map(({ path }) => path);
    return this.#request(OpCode.multi, toBytes(multiRequest, ops), paths[0] ?? null, (reader) => {
      const results = multiReply.read(reader);
      const errors = results.map((result) => (result.type === OpCode.error ? result.err : ErrorCode.Ok));
      if (results.some(({ type }) => type === OpCode.error)) {
        throw new MultiError(
          errors.map((err) => errorName(err) ?? 'SystemError'),
          paths,
        );
      }
      return results.map((result): OperationResult => {
        if (result.type === OpCode.create) return { op: 'create', path: this.#relative(result.path), stat: null };
        if (result.type === OpCode.create2) {
          return { op: 'create', path: this.#relative(result.path), stat: result.stat };
        }
        if (result.type === OpCode.setData) return { op: 'setData', stat: result.stat };
        return { op: result.type === OpCode.check ? 'check' : 'delete' };
      });
    });
  }

  /** Reads of several nodes at one moment; an error of one is its result. */
  multiRead(
    reads: readonly { readonly op: 'getData' | 'getChildren'; readonly path: string }[],
  ): Promise<readonly (NodeData | { readonly children: readonly string[] } | ZooKeeperError)[]> {
    const ops = reads.map(({ op, path }) => ({
      type: op === 'getData' ? OpCode.getData : OpCode.getChildren,
      request: { path: this.#full(path), watch: false },
    }));
    const body = toBytes(multiRequest, ops as Parameters<typeof multiRequest.write>[1]);
    return this.#request(OpCode.multiRead, body, reads[0]?.path ?? null, (reader) =>
      multiReply.read(reader).map((result, at) => {
        if (result.type === OpCode.getData) return { data: result.data, stat: result.stat };
        if (result.type === OpCode.getChildren) return { children: result.children };
        const err = result.type === OpCode.error ? result.err : ErrorCode.SystemError;
        return ZooKeeperError.of(err, reads[at]?.path ?? null);
      }),
    );
  }

  /** A watch that stays until it is removed: on one node, or on everything below it. */
  async addWatch(path: string, mode: 'persistent' | 'recursive', watch: WatchHandler): Promise<void> {
    const full = this.#full(path);
    const type = mode === 'persistent' ? AddWatchMode.persistent : AddWatchMode.persistentRecursive;
    await this.#request(OpCode.addWatch, toBytes(watchRequest, { path: full, type }), path, () => {
      this.#watches.add(mode, full, watch);
    });
  }

  /** Ends a watch of {@link ZooKeeperClient.addWatch}. @throws ZooKeeperError NoWatcher when there is none */
  async removeWatch(path: string, mode: 'persistent' | 'recursive', watch: WatchHandler): Promise<void> {
    const full = this.#full(path);
    if (!this.#watches.remove(mode, full, watch)) return;
    const type = mode === 'persistent' ? WatcherType.Persistent : WatcherType.PersistentRecursive;
    await this.#request(OpCode.removeWatches, toBytes(watchRequest, { path: full, type }), path, () => {});
  }

  /**
   * Ends all watches of this client on a path: `data` those of `getData` and `exists`, `children` those of
   * `getChildren`, `any` these and those of `addWatch`.
   *
   * @throws ZooKeeperError NoWatcher when the server knows none
   */
  removeWatches(path: string, which: 'data' | 'children' | 'any'): Promise<void> {
    const full = this.#full(path);
    const { type, kinds } = REMOVALS[which];
    return this.#request(OpCode.removeWatches, toBytes(watchRequest, { path: full, type }), path, () => {
      for (const kind of kinds) this.#watches.remove(kind, full);
    });
  }

  /** The ephemerals of this session at and below a path. */
  getEphemerals(path: string = '/'): Promise<readonly string[]> {
    return this.#request(OpCode.getEphemerals, toBytes(pathRecord, { path: this.#full(path) }), path, (reader) =>
      names.read(reader).map((full) => this.#relative(full)),
    );
  }

  /** How many nodes lie below a path, however deep. */
  countDescendants(path: string): Promise<number> {
    const body = toBytes(pathRecord, { path: this.#full(path) });
    return this.#request(OpCode.getAllChildrenNumber, body, path, (reader) => countReply.read(reader).totalNumber);
  }

  /** The identities of this client's connection. */
  whoAmI(): Promise<readonly ClientInfo[]> {
    return this.#request(OpCode.whoAmI, NO_BYTES, null, (reader) => clientInfos.read(reader));
  }

  /** Ends the session: its ephemerals are gone when this resolves, unless no server can be reached. */
  async close(): Promise<void> {
    if (this.state === 'connected') {
      await this.#request(OpCode.closeSession, NO_BYTES, null, () => {}).catch(() => {});
    }
    this.#session.end('closed');
    this.#watches.clear();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Gives the connection up without a farewell: the session lives on until it times out. For tests and shutdowns. */
  abandon(): void {
    this.#session.end('closed');
    this.#watches.clear();
  }

  async #create(
    path: string,
    data: Uint8Array | null,
    options: CreateOptions | undefined,
    withStat: boolean,
  ): Promise<{ readonly path: string; readonly stat: Stat | null }> {
    const op = createOp(this.#full(path), data, options, withStat);
    const body =
      op.type === OpCode.createTTL ? toBytes(createTtlRequest, op.request) : toBytes(createRequest, op.request);
    return await this.#request(op.type, body, path, (reader) => {
      const created: { path: string; stat: Stat | null } =
        op.type === OpCode.create ? { ...pathRecord.read(reader), stat: null } : create2Reply.read(reader);
      return { path: this.#relative(created.path), stat: created.stat };
    });
  }

  /** A read with a watch for one time, which is set when the answer says that the server has set it. */
  #watched<T>(
    type: OpCode,
    body: Uint8Array,
    path: string,
    reply: Jute<T>,
    kind: WatchKind,
    watch: WatchHandler | undefined,
  ): Promise<T> {
    const full = this.#full(path);
    return new Promise((resolve, reject) => {
      this.#session.send({
        type,
        body,
        path,
        xid: 0,
        answered: (err, reader) => {
          if (watch !== undefined && err === ErrorCode.Ok) this.#watches.add(kind, full, watch);
          if (watch !== undefined && err === ErrorCode.NoNode && type === OpCode.exists) {
            this.#watches.add('exist', full, watch);
          }
          if (err === ErrorCode.Ok) resolve(reply.read(reader));
          else reject(ZooKeeperError.of(err, path));
        },
        failed: reject,
      });
    });
  }

  #request<T>(type: OpCode, body: Uint8Array, path: string | null, read: (reader: ByteReader) => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#session.send({
        type,
        body,
        path,
        xid: 0,
        answered: (err, reader) => {
          if (err !== ErrorCode.Ok) {
            reject(ZooKeeperError.of(err, path));
            return;
          }
          try {
            resolve(read(reader));
          } catch (error) {
            if (!(error instanceof ZooKeeperError)) throw error;
            reject(error);
          }
        },
        failed: reject,
      });
    });
  }

  #stateChanged(state: SessionState): void {
    this.#onState?.(state);
    for (const resolve of [...this.#stateWaiters]) resolve();
    this.#stateWaiters.clear();
  }

  #fire(event: WatchEvent): void {
    const own = { ...event, path: this.#relative(event.path) };
    for (const handler of this.#watches.fire(event)) handler(own);
  }

  #full(path: string): string {
    if (!path.startsWith('/')) throw new ZooKeeperError('BadArguments', path, 'a path begins with "/"');
    if (this.#chroot === '') return path;
    return path === '/' ? this.#chroot : this.#chroot + path;
  }

  #relative(path: string): string {
    if (this.#chroot === '' || !path.startsWith(this.#chroot)) return path;
    return path.slice(this.#chroot.length) || '/';
  }
}

const NO_BYTES = new Uint8Array(0);

const REMOVALS: Readonly<
  Record<'data' | 'children' | 'any', { readonly type: number; readonly kinds: readonly WatchKind[] }>
> = {
  data: { type: WatcherType.Data, kinds: ['data', 'exist'] },
  children: { type: WatcherType.Children, kinds: ['child'] },
  any: { type: WatcherType.Any, kinds: ['data', 'exist', 'child', 'persistent', 'recursive'] },
};

/** What was given; an option that is undefined counts as left out. */
function definedOf(options: ClientOptions): Partial<typeof DEFAULTS> {
  const { sessionTimeoutMs, inFlightMax, waitingMax, frameBytesMax } = options;
  const given = { sessionTimeoutMs, inFlightMax, waitingMax, frameBytesMax };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
