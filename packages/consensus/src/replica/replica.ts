import type { Ports } from '@biquorum/platform';
import { Queue } from '@biquorum/std';
import type {
  Capabilities,
  ChannelSpec,
  Codec,
  Command,
  EngineKind,
  Entry,
  NodeId,
  Outcome,
  Peer,
  Token,
  View,
} from '../contract.ts';
import { Driver, type DriverLimits } from '../driver.ts';
import { ReplicaError, requireCapabilities } from '../errors.ts';
import { checkMembers } from '../members.ts';
import type { EngineStorage, Transport } from '../ports.ts';
import { batchedBytes, encodeBatch, visitBatch } from './batch.ts';

/** A deterministic state machine: the same commands in the same order lead to the same state everywhere. */
export interface Machine<Result> {
  /**
   * Applies a committed command. Must not throw, since it would do so on every member: a replica whose machine throws
   * stops with what was thrown. What a command cannot do belongs into the result.
   *
   * @param index Its place in the log; grows from command to command.
   * @returns What `propose` resolves to on the member where it was proposed.
   */
  apply(command: Uint8Array, index: number): Result;
  /** The whole state. Its bytes must not change afterwards. */
  snapshot(): Uint8Array;
  /** Replaces the whole state by an earlier snapshot's. */
  restore(state: Uint8Array): void;
}

/** The ports that a replica needs. */
export type ReplicaPorts = Pick<Ports, 'clock' | 'timers' | 'random' | 'disk' | 'network'>;

/** Makes a storage once the engine is known; {@link onDisk}, {@link inMemory}. */
export type StorageChoice = <Durable>(ports: ReplicaPorts, codec: Codec<Durable>) => EngineStorage<Durable>;

/** What a network choice is given. */
export interface NetworkContext<Message> {
  readonly ports: ReplicaPorts;
  readonly id: NodeId;
  readonly peers: readonly Peer[];
  readonly channels: readonly ChannelSpec[];
  readonly codec: Codec<Message>;
}

/** Makes a transport once the engine is known; {@link overTcp}. */
export type NetworkChoice = <Message>(
  context: NetworkContext<Message>,
) => Promise<{ readonly transport: Transport<Message>; readonly address: string }>;

/** What a replica is made from. */
export interface ReplicaOptions<Message, Durable, Result> {
  /** `raft()`, or any other engine. */
  readonly engine: EngineKind<Message, Durable>;
  readonly id: NodeId;
  /** The first voters, this one among them; for a member that joins later, those whom it can ask. */
  readonly peers: readonly Peer[];
  readonly ports: ReplicaPorts;
  readonly storage: StorageChoice;
  readonly network: NetworkChoice;
  readonly machine: Machine<Result>;
  /** Tells a wiped disk from the one that voted before; needed for voter changes. */
  readonly directory?: string;
  /** What the program is going to ask for; checked at construction. */
  readonly needs?: readonly (keyof Capabilities)[];
  /** By default as {@link DEFAULT_LIMITS}, and a snapshot after every 100,000 commands. */
  readonly limits?: Partial<DriverLimits>;
  /** Called when this member starts or stops leading, and when the leader changes. */
  readonly onLeadership?: (change: {
    readonly leading: boolean;
    readonly epoch: number;
    readonly leader: NodeId;
  }) => void;
  /** Called once if the replica has to stop: its disk failed or an invariant is broken. By default it throws. */
  readonly onFailure?: (error: unknown) => void;
}

/** What a replica tells of itself. */
export interface ReplicaStatus extends View {
  /** Everything before this index is in the machine. */
  readonly applied: number;
}

/** One member of a replicated state machine. */
export interface Replica<Result> {
  /**
   * Has a command replicated and applied. Only the leader accepts it.
   *
   * @returns What the machine made of it here.
   * @throws ReplicaError (as a rejection); with the code `unknown` the command may or may not take effect.
   */
  propose(command: Uint8Array): Promise<Result>;

  /**
   * Runs `query` once the machine holds everything that was acknowledged anywhere before this call. Only at the leader.
   *
   * @throws ReplicaError (as a rejection).
   */
  read<Answer>(query: () => Answer): Promise<Answer>;

  status(): ReplicaStatus;

  /** Makes a snapshot of what is applied; old log may go after it. */
  snapshot(): void;

  /** Needs the capability `voterChanges`. Resolves when the change is committed. */
  addVoter(peer: Peer, directory: string): Promise<void>;
  /** Needs the capability `voterChanges`. */
  removeVoter(id: NodeId, directory: string): Promise<void>;
  /** Needs the capability `leadershipTransfer`. Resolves when this member has stepped down for `to`. */
  transferLeadership(to: NodeId): Promise<void>;

  /** Hands leadership over if it can, and stops. Resolves once nothing is open any more; may be called again. */
  close(): Promise<void>;
}

/**
 * Starts a member of a replicated state machine.
 *
 * @throws CapabilityError when the engine lacks what `needs` names, EngineConfigError when `id`, `peers` or `limits` make
 *   no sense; StorageError, DiskError or NetworkError. All as rejections.
 */
export async function createReplica<Message, Durable, Result>(
  options: ReplicaOptions<Message, Durable, Result>,
): Promise<Replica<Result>> {
  const { engine, ports, id, peers } = options;
  requireCapabilities(engine, options.needs ?? []);
  checkMembers(id, peers);
  const storage = options.storage(ports, engine.durable);
  const { transport, address } = await options.network({
    ports,
    id,
    peers,
    channels: engine.channels,
    codec: engine.messages,
  });
  const replica = new RunningReplica(options, storage, transport);
  try {
    await replica.start(address);
  } catch (error) {
    // Nobody will get hold of what is open.
    await Promise.allSettled([transport.close(), storage.close()]);
    throw error;
  }
  return replica;
}

interface Waiting<Result> {
  readonly command: Uint8Array;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: ReplicaError) => void;
}

interface WaitingRead {
  readonly run: () => void;
  readonly reject: (error: ReplicaError) => void;
}

/** The most bytes of commands in one entry, where the engine does not take less. */
const BATCH_BYTES_MAX = 1024 * 1024;
/** A machine has a snapshot, so its log need not grow for ever. */
const SNAPSHOT_EVERY = 100_000;

class RunningReplica<Message, Durable, Result> implements Replica<Result> {
  readonly #options: ReplicaOptions<Message, Durable, Result>;
  readonly #storage: EngineStorage<Durable>;
  readonly #transport: Transport<Message>;
  #driver: Driver<Message, Durable> | null = null;
  /** Commands and reads of this turn of the loop, that leave together at its end. */
  #commands: Waiting<Result>[] = [];
  #reads: WaitingRead[] = [];
  #flushing = false;
  readonly #proposed: Map<Token, Waiting<Result>[]> = new Map();
  /** Committed and not applied yet, by the index of the entry. */
  readonly #committed: Map<number, Waiting<Result>[]> = new Map();
  readonly #asked: Map<Token, WaitingRead[]> = new Map();
  readonly #readable: Queue<{ readonly index: number; readonly reads: WaitingRead[] }> = new Queue();
  readonly #commanded: Map<Token, { readonly resolve: () => void; readonly reject: (error: ReplicaError) => void }> =
    new Map();
  #closed = false;
  #closing: Promise<void> | null = null;

  constructor(
    options: ReplicaOptions<Message, Durable, Result>,
    storage: EngineStorage<Durable>,
    transport: Transport<Message>,
  ) {
    this.#options = options;
    this.#storage = storage;
    this.#transport = transport;
  }

  async start(address: string): Promise<void> {
    const { engine, id, directory = '', peers, ports, limits, onLeadership, machine } = this.#options;
    this.#driver = await Driver.start({
      kind: engine,
      id,
      directory,
      address,
      peers,
      storage: this.#storage,
      transport: this.#transport,
      machine: {
        apply: (entry) => this.#apply(entry),
        snapshot: () => machine.snapshot(),
        restore: (state, { index }) => {
          machine.restore(state);
          this.#skipTo(index);
        },
      },
      ports,
      limits: { snapshotEvery: SNAPSHOT_EVERY, ...limits },
      events: {
        settled: (token, outcome) => this.#settled(token, outcome),
        applied: (index) => this.#applied(index),
        leadership: (change) => onLeadership?.(change),
        failed: (error) => this.#failed(error),
      },
    });
  }

  propose(command: Uint8Array): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (this.#refuses(reject)) return;
      this.#commands.push({ command, resolve, reject });
      this.#flushSoon();
    });
  }

  read<Answer>(query: () => Answer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#refuses(reject)) return;
      const run = (): void => {
        try {
          resolve(query());
        } catch (error) {
          reject(error);
        }
      };
      this.#reads.push({ run, reject });
      this.#flushSoon();
    });
  }

  status(): ReplicaStatus {
    const driver = this.#running();
    return { ...driver.view(), applied: driver.applied };
  }

  snapshot(): void {
    this.#running().snapshot();
  }

  async addVoter(peer: Peer, directory: string): Promise<void> {
    requireCapabilities(this.#options.engine, ['voterChanges']);
    return this.#command({ kind: 'addVoter', peer, directory });
  }

  async removeVoter(id: NodeId, directory: string): Promise<void> {
    requireCapabilities(this.#options.engine, ['voterChanges']);
    return this.#command({ kind: 'removeVoter', id, directory });
  }

  async transferLeadership(to: NodeId): Promise<void> {
    requireCapabilities(this.#options.engine, ['leadershipTransfer']);
    return this.#command({ kind: 'transferLeadership', to });
  }

  close(): Promise<void> {
    this.#closing ??= this.#resignAndClose();
    return this.#closing;
  }

  async #resignAndClose(): Promise<void> {
    // Whether or not it gets around to it: it is going to stop.
    if (this.#driver !== null && !this.#driver.stopped) await this.#command({ kind: 'resign' }).catch(() => {});
    this.#closed = true;
    this.#driver?.stop();
    this.#rejectAll(new ReplicaError('stopped', -1));
    await this.#transport.close();
    await this.#storage.close();
  }

  /** What can still be closed, is; that the disk or the network is broken is known. */
  async #closeFailed(): Promise<void> {
    await Promise.allSettled([this.#transport.close(), this.#storage.close()]);
  }

  #running(): Driver<Message, Durable> {
    if (this.#driver === null) throw new ReplicaError('stopped', -1);
    return this.#driver;
  }

  #refuses(reject: (error: ReplicaError) => void): boolean {
    if (!this.#closed && this.#driver !== null && !this.#driver.stopped) return false;
    reject(new ReplicaError('stopped', -1));
    return true;
  }

  #command(command: Command): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#refuses(reject)) return;
      const driver = this.#running();
      if (!driver.hasRoom) reject(new ReplicaError('busy', -1));
      else this.#commanded.set(driver.command(command), { resolve, reject });
    });
  }

  #flushSoon(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    this.#options.ports.timers.soon(() => {
      this.#flushing = false;
      this.#flush();
    });
  }

  #flush(): void {
    const commands = this.#commands;
    const reads = this.#reads;
    this.#commands = [];
    this.#reads = [];
    if (this.#closed) return;
    const driver = this.#running();
    const bytesMax = Math.min(BATCH_BYTES_MAX, this.#options.engine.entryBytesMax);
    let batch: Waiting<Result>[] = [];
    let bytes = 0;
    for (const waiting of commands) {
      const more = batchedBytes(waiting.command);
      if (bytes + more > bytesMax && batch.length > 0) {
        this.#proposeBatch(driver, batch, bytes);
        batch = [];
        bytes = 0;
      }
      batch.push(waiting);
      bytes += more;
    }
    if (batch.length > 0) this.#proposeBatch(driver, batch, bytes);
    if (reads.length > 0) {
      if (!driver.hasRoom) for (const { reject } of reads) reject(new ReplicaError('busy', -1));
      else this.#asked.set(driver.read(), reads);
    }
    // This is the end of the turn: what was gathered leaves at once.
    driver.run();
  }

  #proposeBatch(driver: Driver<Message, Durable>, batch: Waiting<Result>[], bytes: number): void {
    if (!driver.hasRoom) {
      for (const { reject } of batch) reject(new ReplicaError('busy', -1));
      return;
    }
    const commands = batch.map(({ command }) => command);
    const build = (): Uint8Array => encodeBatch(commands, bytes);
    this.#proposed.set(driver.propose({ span: batch.length, bytesMax: bytes, build }), batch);
  }

  #settled(token: Token, outcome: Outcome): void {
    const batch = this.#proposed.get(token);
    if (batch !== undefined) {
      this.#proposed.delete(token);
      // It is applied right after, in the same turn.
      if (outcome.kind === 'committed') this.#committed.set(outcome.at.index, batch);
      else for (const { reject } of batch) reject(errorOf(outcome));
      return;
    }
    const reads = this.#asked.get(token);
    if (reads !== undefined) {
      this.#asked.delete(token);
      if (outcome.kind !== 'readable') for (const { reject } of reads) reject(errorOf(outcome));
      else if ((this.#driver?.applied ?? -1) >= outcome.index) for (const { run } of reads) run();
      else this.#readable.push({ index: outcome.index, reads });
      return;
    }
    const command = this.#commanded.get(token);
    if (command === undefined) return;
    this.#commanded.delete(token);
    if (outcome.kind === 'done') command.resolve();
    else command.reject(errorOf(outcome));
  }

  #apply(entry: Entry): void {
    if (entry.kind === 'control') return;
    const { machine } = this.#options;
    const waiting = this.#committed.get(entry.index);
    if (waiting === undefined) {
      visitBatch(entry.payload, (command, at) => machine.apply(command, entry.index + at));
      return;
    }
    visitBatch(entry.payload, (command, at) => waiting[at]?.resolve(machine.apply(command, entry.index + at)));
    // Only now: if the machine throws, those who wait are told that the replica has stopped.
    this.#committed.delete(entry.index);
  }

  /** A snapshot took the machine further: what was applied inside of it has no result here. */
  #skipTo(index: number): void {
    for (const [at, batch] of this.#committed) {
      if (at >= index) continue;
      this.#committed.delete(at);
      for (const { reject } of batch) reject(new ReplicaError('unknown', -1));
    }
  }

  #applied(index: number): void {
    for (let head = this.#readable.peek(); head !== undefined && head.index <= index; head = this.#readable.peek()) {
      this.#readable.shift();
      for (const { run } of head.reads) run();
    }
  }

  #failed(error: unknown): void {
    this.#closed = true;
    this.#rejectAll(new ReplicaError('stopped', -1));
    this.#closing ??= this.#closeFailed();
    if (this.#options.onFailure === undefined) throw error;
    this.#options.onFailure(error);
  }

  #rejectAll(error: ReplicaError): void {
    const batches = [this.#commands, ...this.#proposed.values(), ...this.#committed.values()];
    for (const batch of batches) for (const { reject } of batch) reject(error);
    const reads = [this.#reads, ...this.#asked.values(), ...[...this.#readable].map((waiting) => waiting.reads)];
    for (const waiting of reads) for (const { reject } of waiting) reject(error);
    for (const { reject } of this.#commanded.values()) reject(error);
    this.#commands = [];
    this.#reads = [];
    this.#proposed.clear();
    this.#committed.clear();
    this.#asked.clear();
    this.#readable.clear();
    this.#commanded.clear();
  }
}

function errorOf(outcome: Outcome): ReplicaError {
  if (outcome.kind === 'refused') return new ReplicaError(outcome.reason, outcome.leader);
  return new ReplicaError('unknown', outcome.kind === 'unknown' ? outcome.leader : -1);
}
