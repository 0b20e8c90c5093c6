import { Driver, type EngineKind, type NodeId, type Outcome, type Token, tellMessages } from '@biquorum/consensus';
import type { Ports, Timer } from '@biquorum/platform';
import { ByteReader, BytesError } from '@biquorum/std';
import { type Epochs, keepsOutside, type ZabMessage, type ZabView, zab } from '@biquorum/zab';
import {
  type ErrorName,
  type QuorumPacket,
  quorumPacketBytes,
  readQuorumPacket,
  touchedSessions,
} from '@biquorum/zookeeper-wire';
import { ClientConnection } from '../server/client-connection.ts';
import { CONTAINER_CLEANING, type ContainerCleanerOptions } from '../server/container-cleaner.ts';
import type { Pipeline, Submission } from '../server/pipeline.ts';
import { Server, type ServerOptions } from '../server/server.ts';
import { measuringStorage } from '../storage/measuring-storage.ts';
import type { StorageOptions } from '../storage/storage-options.ts';
import { ZabStorage } from '../storage/zab-storage.ts';
import { CONFIG } from '../tree/paths.ts';
import type { PrepareOptions, RequestOrigin } from '../tree/prepare.ts';
import { Availability } from './availability.ts';
import { countMessages } from './count-messages.ts';
import { configText, type EnsembleConfig, engineOptions, peersOf } from './ensemble-config.ts';
import { EnsembleTransport, LEARNER } from './ensemble-transport.ts';
import { GlobalSessions } from './global-sessions.ts';
import { LeaderRole } from './leader-role.ts';
import { LearnerRole } from './learner-role.ts';
import { messageFacts } from './message-facts.ts';
import type { Role, RoleSurroundings } from './role.ts';
import { TreeMachine } from './tree-machine.ts';

/** What a server of an ensemble is made from. */
export interface EnsembleNodeOptions {
  readonly ports: Pick<Ports, 'clock' | 'timers' | 'random' | 'network' | 'disk' | 'telemetry'>;
  readonly ensemble: EnsembleConfig;
  /** Where its files are, and how they are written. */
  readonly storage: StorageOptions;
  readonly server?: Partial<ServerOptions>;
  readonly prepare?: PrepareOptions;
  readonly containers?: ContainerCleanerOptions;
  /** The disk failed, or an invariant is broken: the node has stopped. */
  onFailure?(error: unknown): void;
}

/** What a server of an ensemble is doing, in ZooKeeper's words. */
export type NodeState = 'leader' | 'follower' | 'observer' | 'looking';

/** Milliseconds between two ticks of the engine, whose shortest limit is 200. */
const ENGINE_TICK_MS = 20;
/** The channel on which learners' answers to PING come. */
const PING = 'ping';

/**
 * A server of an ensemble: ZAB beneath a {@link Server}, with Java's protocols between the servers. Clients are served
 * while it leads or follows; otherwise they are turned away, and their sessions live on.
 */
export class EnsembleNode implements Pipeline {
  readonly server: Server;
  readonly #options: EnsembleNodeOptions;
  readonly #sessions: GlobalSessions;
  readonly #machine: TreeMachine;
  readonly #storage: ZabStorage;
  readonly #transport: EnsembleTransport;
  readonly #startedMs: number;
  readonly #availability: Availability;
  #driver: Driver<ZabMessage, Epochs> | null = null;
  #role: Role | null = null;
  /** What this server is to do once everything before this index is applied. */
  #next: { readonly make: () => Role; readonly from: number } | null = null;
  /** Packets that came before that. */
  #early: (() => void)[] = [];
  #tick: Timer | null = null;
  /** When this process was last seen to run, on the monotonic clock. */
  #awakeMs = 0;
  #stopping: Promise<void> | null = null;
  /** What keeps this server outside, as operators were told. */
  #outside = '';

  /** Opens the storage, binds both ports and begins to look for a leader. @throws What storage and network throw. */
  static async start(options: EnsembleNodeOptions): Promise<EnsembleNode> {
    const node = new EnsembleNode(options);
    try {
      await node.#start();
    } catch (error) {
      await node.stop().catch(() => {});
      throw error;
    }
    return node;
  }

  private constructor(options: EnsembleNodeOptions) {
    const { ports, ensemble } = options;
    const { id, tickMs, servers, listenOnAllAddresses = false, connectTimeoutMs } = ensemble;
    this.#options = options;
    this.#startedMs = ports.clock.wallMs();
    this.#sessions = new GlobalSessions({
      created: (sessionId, timeoutMs) => this.#role?.sessionCreated(sessionId, timeoutMs),
      closed: (sessionId) => this.#role?.sessionClosed(sessionId),
    });
    const limits = { minSessionTimeoutMs: 2 * tickMs, maxSessionTimeoutMs: 20 * tickMs, clock: ports.clock };
    const server = { ...limits, ...options.server, serverId: id };
    this.server = new Server(this, this.#sessions, server, this.#startedMs);
    this.#availability = new Availability(ports.clock, this.server.stats.metrics);
    this.#machine = new TreeMachine(this.server, this.#sessions, {
      prepared: (zxid) => this.#role?.prepared(zxid),
      applied: (zxid) => this.#role?.applied(zxid),
      restored: () => this.#writeConfig(),
      unreadable: (zxid, error) =>
        ports.telemetry.log('error', 'a transaction cannot be read; it changes nothing', { zxid, error }),
    });
    const storage = { ...options.storage, ...measuringStorage(this.server.stats.metrics) };
    this.#storage = new ZabStorage(storage, ports, this.#machine);
    this.#storage.onSnapshotDue = () => this.#driver?.snapshot();
    this.#transport = new EnsembleTransport({
      ports,
      id,
      servers,
      listenOnAllAddresses,
      ...(connectTimeoutMs === undefined ? {} : { connectTimeoutMs }),
      listens: () => (this.#driver?.view() as ZabView | undefined)?.state === 'leading',
    });
  }

  /** What this server is doing; clients are served unless it looks for a leader. */
  get state(): NodeState {
    return this.#role?.name ?? 'looking';
  }

  /** The part of a leader; null while this server does not lead. */
  get leading(): LeaderRole | null {
    return this.#role instanceof LeaderRole ? this.#role : null;
  }

  /** Global sessions in all. */
  get sessionCount(): number {
    return this.#sessions.size;
  }

  /** Global sessions with their timeouts in milliseconds. */
  sessionTimeouts(): Iterable<readonly [sessionId: bigint, timeoutMs: number]> {
    return this.#sessions.entries();
  }

  /** Whether clients are served. */
  get isServing(): boolean {
    return this.#role !== null;
  }

  /** Its files. */
  get storage(): ZabStorage {
    return this.#storage;
  }

  /** How the engine stands. */
  view(): ZabView | null {
    return (this.#driver?.view() as ZabView | undefined) ?? null;
  }

  /** Stops at once: clients are dropped, ports are freed, files are closed. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  submit(submission: Submission): void {
    this.#wake();
    if (this.#role !== null) this.#role.submit(submission);
    else if (submission.owner instanceof ClientConnection) this.server.drop(submission.owner);
  }

  sync(path: string, asker: RequestOrigin, done: () => void): void {
    this.#role?.sync(path, asker, done);
  }

  revalidate(sessionId: bigint, owner: object, done: (valid: boolean) => void): void {
    this.#wake();
    if (this.#role !== null) this.#role.revalidate(sessionId, owner, done);
    else if (owner instanceof ClientConnection) this.server.drop(owner);
  }

  touch(sessionId: bigint): void {
    this.#role?.touch(sessionId);
  }

  check(sessionId: bigint, owner: object): ErrorName | undefined {
    this.#wake();
    return this.#role === null ? 'SessionExpired' : this.#role.check(sessionId, owner);
  }

  async #start(): Promise<void> {
    const { ports, ensemble } = this.#options;
    this.#writeConfig();
    await this.#transport.listen();
    this.#availability.looks();
    const startMs = ports.clock.monotonicMs();
    const pingData = (): Uint8Array => (this.#role instanceof LearnerRole ? this.#role.takeTouched() : NO_BYTES);
    const kind: EngineKind<ZabMessage, Epochs> = zab(engineOptions(ensemble, pingData));
    const told = tellMessages(this.#transport, ports.telemetry, messageFacts);
    const isObserver = ensemble.servers.find(({ id }) => id === ensemble.id)?.role === 'observer';
    this.#driver = await Driver.start({
      kind,
      id: ensemble.id,
      directory: '',
      address: '',
      peers: peersOf(ensemble),
      storage: this.#storage,
      transport: countMessages(told, this.server.stats.metrics, isObserver, () => ports.clock.monotonicMs()),
      machine: this.#machine,
      ports,
      limits: { tickMs: ENGINE_TICK_MS },
      events: {
        leadership: (change) => this.#changed(change),
        applied: () => this.#serveWhenReady(),
        settled: (token, outcome) => this.#settled(token, outcome),
        application: (channel, from, payload) => this.#received(channel, from, payload),
        failed: (error) => this.#failed(error),
      },
    });
    this.#awakeMs = ports.clock.monotonicMs();
    this.server.stats.metrics.summaries.dbinittime.add(Math.round(this.#awakeMs - startMs));
    this.#onTick();
  }

  async #stop(): Promise<void> {
    this.#tick?.cancel();
    this.#leave();
    this.#driver?.stop();
    await this.#transport.close();
    await this.#storage.close();
  }

  #failed(error: unknown): void {
    this.#options.ports.telemetry.log('error', 'the server stops', {
      error: error instanceof Error ? error : String(error),
    });
    // Files that failed once may fail again when they are closed.
    this.stop().catch(() => {});
    this.#options.onFailure?.(error);
  }

  #onTick(): void {
    const { ports, ensemble } = this.#options;
    this.#wake();
    this.#awakeMs = ports.clock.monotonicMs();
    this.#tick = ports.timers.set(ensemble.tickMs, () => this.#onTick());
    // After the input that is there: a loop that was held up must not let sessions expire that it has heard of.
    ports.timers.soon(() => {
      if (this.#tick?.pending) this.#role?.tick();
    });
  }

  /**
   * A process that was stopped for a while hears its clients before its engine hears of the time. Whether it still leads
   * or follows anybody is found out first: what it would show them may be long past.
   */
  #wake(): void {
    const { clock, random } = this.#options.ports;
    const nowMs = clock.monotonicMs();
    if (nowMs - this.#awakeMs <= this.#options.ensemble.tickMs) return;
    this.#awakeMs = nowMs;
    this.#driver?.push({ kind: 'tick', nowMs, random: random.uint32() });
    this.#driver?.run();
  }

  /** The engine serves another leader, itself, or nobody. */
  #changed({
    role,
    leading,
    leader,
    reason,
  }: {
    role: string;
    leading: boolean;
    leader: NodeId;
    reason: string;
  }): void {
    const { ports, ensemble, prepare, containers } = this.#options;
    ports.telemetry.log('info', 'the role changed', { role, leader, reason });
    this.#tellIfOutside(reason);
    const view = this.#driver?.view();
    this.#leave();
    if (role === 'looking') this.#availability.looks();
    else this.#availability.hasFound();
    if (view === undefined) return;
    const surroundings = this.#surroundings();
    if (leading) {
      const options = { tickMs: ensemble.tickMs, prepare: prepare ?? {}, containers: containers ?? CONTAINER_CLEANING };
      this.#next = { make: () => new LeaderRole(surroundings, options), from: view.logEnd };
    } else if (role === 'following' || role === 'observing') {
      const name = role === 'following' ? 'follower' : 'observer';
      this.#next = { make: () => new LearnerRole(name, leader, surroundings), from: view.highWatermark };
    }
    ports.timers.soon(() => this.#serveWhenReady());
  }

  /** It tries again and again: an operator is told once. */
  #tellIfOutside(reason: string): void {
    if (!keepsOutside(reason) || reason === this.#outside) return;
    this.#outside = reason;
    this.#options.ports.telemetry.log('error', 'no leader can take this server in', { reason });
  }

  #serveWhenReady(): void {
    const next = this.#next;
    if (next === null || this.#driver === null || this.#driver.applied < next.from) return;
    this.#next = null;
    this.#role = next.make();
    this.#availability.serves(this.#role instanceof LeaderRole);
    const early = this.#early;
    this.#early = [];
    for (const receive of early) receive();
    this.#storage.serving(this.#role instanceof LeaderRole);
  }

  /** Nobody leads whom this server knows: clients must look elsewhere. */
  #leave(): void {
    this.#next = null;
    this.#early = [];
    this.#role = null;
    this.server.dropAll();
  }

  #received(channel: string, from: NodeId, payload: Uint8Array): void {
    const receive = (): void => {
      const role = this.#role;
      if (role === null) return;
      try {
        if (channel === PING) role.touched(touchedSessions.read(new ByteReader(payload)));
        else role.received(from, readQuorumPacket(payload));
      } catch (error) {
        if (!(error instanceof BytesError)) throw error;
        this.#options.ports.telemetry.log('warn', 'a packet of a peer cannot be read', { from, error });
      }
    };
    if (this.#next === null) receive();
    else this.#early.push(receive);
  }

  #settled(token: Token, outcome: Outcome): void {
    this.#role?.settled(token, outcome);
  }

  #surroundings(): RoleSurroundings {
    const driver = this.#driver as Driver<ZabMessage, Epochs>;
    return {
      server: this.server,
      sessions: this.#sessions,
      clock: this.#options.ports.clock,
      propose: (proposal) => driver.propose(proposal),
      hasRoom: () => driver.hasRoom,
      send: (to: NodeId, packet: QuorumPacket, afterCommit = false) =>
        driver.application(LEARNER, to, quorumPacketBytes(packet), afterCommit),
    };
  }

  /** As Java without reconfiguration: the node holds what this server's own file says, whatever others have. */
  #writeConfig(): void {
    const data = new TextEncoder().encode(configText(this.#options.ensemble));
    this.server.tree.setData(CONFIG, data, -1, 0, this.#startedMs);
  }
}

const NO_BYTES = new Uint8Array(0);
