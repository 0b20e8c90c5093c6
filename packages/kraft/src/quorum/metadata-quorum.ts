import {
  Driver,
  type Entry,
  NO_NODE,
  type NodeId,
  type Outcome,
  type Peer,
  type Position,
  tellMessages,
  type View,
} from '@biquorum/consensus';
import type { Timer } from '@biquorum/platform';
import { DEFAULT_OPTIONS, type QuorumRecord, type RaftMessage, type ReplyMessage, raft } from '@biquorum/raft';
import { assert } from '@biquorum/std';
import type { AppendedBatch, AppendRefusal, MetadataFollower, VersionedRecord } from '../journal.ts';
import { batchFacts } from './batch-facts.ts';
import { controlBatches } from './control-batches.ts';
import { FollowerQueue } from './follower-queue.ts';
import { messageFacts } from './message-facts.ts';
import { BATCH_BYTES_MAX, decodeBatch, decodeRecords, encodeBatch } from './metadata-batches.ts';
import { MetadataStorage } from './metadata-storage.ts';
import {
  DEFAULT_QUORUM_SETTINGS,
  type MetadataQuorumOptions,
  type QuorumRequest,
  type QuorumSettings,
  type QuorumStatus,
} from './options.ts';
import { QuorumAdministration } from './quorum-administration.ts';
import { QuorumTransport, QuorumUnavailableError } from './quorum-transport.ts';
import { type AnyRpc, rpcByKey } from './rpc/index.ts';
import type { QuorumIdentity } from './rpc/quorum-rpc.ts';
import { checkSnapshot } from './snapshot-file.ts';
import { trimPoint } from './trim-point.ts';
import type { Quorum } from './types.ts';
import { formatVoterAddress, KRAFT_VERSIONS } from './voter-address.ts';

/** Bytes that are handed to the follower in one turn, about. */
const DELIVER_BYTES_MAX = 256 * 1024;
/** How long a leader parks a fetch. Source: Java `KafkaRaftClient.MAX_FETCH_WAIT_MS`. */
const FETCH_WAIT_MS = 500;
/** A fresh quorum need not wait for Kafka's second: nobody leads it yet. */
const FIRST_ELECTION_SPREAD_MS = 100;
/** How often old log and snapshots are looked for. Source: Java `KafkaRaftClient.RaftMetadataLogCleanerManager`. */
const TRIM_INTERVAL_MS = 60_000;
/** Servers to ask that have no known id stand behind these, which no node has. */
const FIRST_SERVER_ID = 0x7fff_ffff;

const NO_STATE = new Uint8Array(0);

/**
 * A node's part in the metadata quorum: a voter's or, for brokers and controllers that are in no voter set, an
 * observer's. Runs Raft over Apache's RPCs and files, gives its follower what is committed, and takes its records.
 *
 * The static method `open` makes one. Nothing of the follower is called from inside any method of this class.
 *
 * Source: Java `KafkaRaftClient`.
 */
export class MetadataQuorum implements Quorum {
  readonly #options: MetadataQuorumOptions;
  readonly #settings: QuorumSettings;
  readonly #identity: QuorumIdentity;
  readonly #storage: MetadataStorage;
  readonly #transport: QuorumTransport;
  readonly #calls: FollowerQueue;
  readonly #follower: MetadataFollower;
  readonly #listeners: Set<(status: QuorumStatus) => void> = new Set();
  readonly #waiting: Map<number, (outcome: Outcome) => void> = new Map();
  #administration: QuorumAdministration | null = null;
  #driver: Driver<RaftMessage, QuorumRecord> | null = null;
  /** How the last question to the driver was settled while it was being asked. */
  #settledNow: Outcome | null = null;
  /** Set while this node leads: since when, and whether its follower knows. */
  #leading: { readonly epoch: number; readonly start: number; told: boolean } | null = null;
  /** The epoch in which the follower may append; −1 for none. */
  #appendEpoch = -1;
  /** Up to where the follower was given the log. */
  #handed = 0;
  #lastContainedMs = -1;
  /** A metadata transaction began and did not end: its records are in nobody's state yet. */
  #transactionOpen = false;
  #bytesSinceSnapshot = 0;
  #snapshotAtMs = 0;
  /** What the next snapshot is written from. */
  #content: { readonly upTo: number; readonly lastContainedMs: number; records: Iterator<VersionedRecord> } | null =
    null;
  #trimming: Timer | undefined;
  #closing: Promise<void> | undefined;
  #onRoleChange: (() => void) | undefined;

  /**
   * Opens the metadata log and takes part from then on. The follower is first called after this has resolved: with the
   * newest snapshot, then with what is committed.
   *
   * @throws MetadataLogError, QuorumStateError, CorruptLogError, DiskError (as rejections) what is on the disk cannot be
   *   used; EngineConfigError a setting is out of its range.
   */
  static async open(options: MetadataQuorumOptions): Promise<MetadataQuorum> {
    const settings = { ...DEFAULT_QUORUM_SETTINGS, ...options.settings };
    const { ports, listenerName, voters } = options;
    let quorum: MetadataQuorum | null = null;
    const controls = controlBatches(() => ports.clock.wallMs(), listenerName);
    const storage = await MetadataStorage.open({
      ports,
      directory: options.directory,
      settings,
      voters: voters.map(({ id }) => id),
      controls,
      listenerName,
      snapshotContent: (id) => quorum?.takeContent(id) ?? null,
    });
    quorum = new MetadataQuorum(options, settings, storage);
    try {
      await quorum.#start(controls);
    } catch (error) {
      await storage.close();
      throw error;
    }
    return quorum;
  }

  private constructor(options: MetadataQuorumOptions, settings: QuorumSettings, storage: MetadataStorage) {
    const { clusterId, nodeId, listenerName, ports } = options;
    this.#options = options;
    this.#settings = settings;
    this.#storage = storage;
    this.#follower = options.follower;
    this.#identity = { clusterId, nodeId, listenerName };
    this.#calls = new FollowerQueue(ports.timers, (error) => this.#fail(error));
    this.#transport = new QuorumTransport({
      ports,
      identity: this.#identity,
      requestTimeoutMs: settings.requestTimeoutMs,
      detectResets: options.detectResets ?? false,
    });
  }

  append(build: (baseOffset: number) => readonly VersionedRecord[]): AppendedBatch | AppendRefusal {
    const driver = this.#driver;
    if (driver === null || driver.stopped || this.#appendEpoch < 0) return { kind: 'not-leader' };
    // Nothing may come between the look at the end and the batch.
    driver.run();
    const { leading, epoch, logEnd: baseOffset } = driver.view();
    if (!leading || epoch !== this.#appendEpoch) return { kind: 'not-leader' };
    const records = build(baseOffset);
    assert(records.length > 0, 'a batch of the metadata log has at least one record');
    const payload = encodeBatch(records, { baseOffset, epoch, timestampMs: this.#options.ports.clock.wallMs() });
    if (payload.length > BATCH_BYTES_MAX) return { kind: 'too-large' };
    let placed = false;
    this.#settledNow = null;
    driver.propose({
      span: records.length,
      bytesMax: payload.length,
      build: (at) => {
        assert(
          at.index === baseOffset && at.epoch === epoch,
          () => `a batch for ${baseOffset} was placed at ${at.index}`,
        );
        placed = true;
        return payload;
      },
    });
    driver.run();
    if (placed) return { kind: 'appended', baseOffset, endOffset: baseOffset + records.length, epoch };
    return { kind: refusalOf(this.#settledNow) };
  }

  handle({ apiKey, apiVersion, body }: QuorumRequest): Promise<Uint8Array> {
    const rpc = rpcByKey(apiKey);
    if (rpc !== undefined) return this.#serve(rpc, apiVersion, body);
    const administration = this.#administration;
    if (administration === null || this.#closing !== undefined) {
      return Promise.reject(new QuorumUnavailableError('the quorum is closed'));
    }
    return administration.handle({ apiKey, apiVersion, body });
  }

  status(): QuorumStatus {
    const view = this.#view();
    const { role, epoch } = view;
    const leaderId = role === 'resigned' ? NO_NODE : view.leader;
    const [own] = this.#options.listeners;
    const replicas = view.peers.map(({ id, directory, voter, matched, lag }) => {
      return { id, directoryId: directory, voter, logEndOffset: matched, lag };
    });
    return {
      role,
      epoch,
      leaderId,
      leaderEndpoint:
        leaderId === view.id ? own && { host: own.host, port: own.port } : this.#transport.endpointOf(leaderId),
      highWatermark: view.highWatermark,
      logStartOffset: view.logStart,
      logEndOffset: view.logEnd,
      appliedOffset: this.#handed,
      voters: view.voters.filter((id) => id < FIRST_SERVER_ID - this.#serverCount),
      replicas,
      kraftVersion: this.#storage.kraftVersion,
    };
  }

  onLeaderChange(listener: (status: QuorumStatus) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  resign(): void {
    this.#driver?.command({ kind: 'resign' });
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** For the storage: what a snapshot at this cut is written from. */
  takeContent(id: Position): { lastContainedMs: number; records: Iterator<VersionedRecord> } | null {
    const content = this.#content;
    if (content === null || content.upTo !== id.index) return null;
    this.#content = null;
    return content;
  }

  get #serverCount(): number {
    return this.#options.bootstrapServers?.length ?? 0;
  }

  #view(): View {
    const driver = this.#driver;
    assert(driver !== null, 'the quorum is used before it is open');
    return driver.view();
  }

  async #start(controls: ReturnType<typeof controlBatches>): Promise<void> {
    const { ports, nodeId, directoryId, listeners, voters } = this.#options;
    const settings = this.#settings;
    const peers = this.#peers();
    const known = [...peers, ...(this.#storage.voters?.voters ?? [])];
    for (const { id, address } of known) this.#transport.learn(id, address);
    const address =
      listeners.length === 0 ? '' : formatVoterAddress({ endpoints: listeners, kraftVersions: KRAFT_VERSIONS });
    const driver = await Driver.start<RaftMessage, QuorumRecord>({
      kind: raft({
        electionTimeoutMs: settings.electionTimeoutMs,
        firstElectionSpreadMs: FIRST_ELECTION_SPREAD_MS,
        fetchTimeoutMs: settings.fetchTimeoutMs,
        electionBackoffMaxMs: settings.electionBackoffMaxMs,
        requestTimeoutMs: settings.requestTimeoutMs,
        retryBackoffMs: settings.retryBackoffMs,
        fetchWaitMs: fetchWaitMs(settings),
        entryBytesMax: BATCH_BYTES_MAX,
        // Old ones go by `metadata.max.retention.*`.
        snapshotsRetained: Number.MAX_SAFE_INTEGER,
        preVote: false,
        dynamicVoters: voters.length === 0 || this.#storage.kraftVersion > 0,
        controls,
      }),
      id: nodeId,
      directory: directoryId,
      address,
      peers,
      storage: this.#storage,
      transport: tellMessages(this.#transport, ports.telemetry, messageFacts),
      machine: {
        apply: (entry) => this.#deliver(entry),
        snapshot: () => NO_STATE,
        restore: (state, id) => this.#restore(state, id),
      },
      ports,
      events: {
        settled: (token, outcome) => this.#settled(token, outcome),
        leadership: (change) => this.#roleChanged(change),
        failed: (error) => this.#fail(error),
      },
      limits: { deliverBytesMax: DELIVER_BYTES_MAX },
    });
    this.#driver = driver;
    this.#administration = new QuorumAdministration({
      ports,
      identity: this.#identity,
      address,
      requestTimeoutMs: settings.requestTimeoutMs,
      view: () => driver.view(),
      kraftVersion: () => this.#storage.kraftVersion,
      epochStart: () => this.#leading?.start,
      voters: () => this.#storage.voters,
      addresses: new Map(peers.map((peer) => [peer.id, peer.address])),
      command: (command) => this.#command(command),
    });
    this.#snapshotAtMs = ports.clock.monotonicMs();
    this.#trimLater();
    this.#calls.open();
  }

  /** Who is asked at first: the static voters, or servers whose ids nobody knows yet. */
  #peers(): Peer[] {
    const { voters, bootstrapServers = [] } = this.#options;
    if (voters.length > 0) {
      return voters.map(({ id, host, port }) => {
        return { id, address: formatVoterAddress({ endpoints: [{ name: '', host, port }], kraftVersions: undefined }) };
      });
    }
    return bootstrapServers.map((address, at) => ({ id: FIRST_SERVER_ID - at, address }));
  }

  async #serve(rpc: AnyRpc, version: number, body: Uint8Array): Promise<Uint8Array> {
    const request = rpc.decodeRequest(body, version, this.#identity);
    if (request.kind === 'refusal') return rpc.encodeRefusal(request, version);
    const reply = await this.#transport.serve(request.from, request.message);
    return rpc.encodeReply(this.#sayable(reply), version, this.#identity);
  }

  /**
   * A new leader does not know what is committed until an entry of its epoch is: until then it says so. What it would
   * say otherwise may be below what followers know, and Apache's stop at that.
   */
  #sayable(reply: ReplyMessage): ReplyMessage {
    if (reply.type !== 'fetchReply') return reply;
    const leading = this.#leading;
    if (leading !== null && reply.epoch === leading.epoch && reply.highWatermark > leading.start) return reply;
    return { ...reply, highWatermark: -1 };
  }

  #command(command: Parameters<Driver<RaftMessage, QuorumRecord>['command']>[0]): Promise<Outcome> {
    const driver = this.#driver;
    if (driver === null || driver.stopped) {
      return Promise.resolve({ kind: 'refused', reason: 'notLeader', leader: NO_NODE });
    }
    this.#settledNow = null;
    const token = driver.command(command);
    const settled: Outcome | null = this.#settledNow;
    if (settled !== null) return Promise.resolve(settled);
    return new Promise((resolve) => this.#waiting.set(token, resolve));
  }

  #settled(token: number, outcome: Outcome): void {
    this.#settledNow = outcome;
    const waiting = this.#waiting.get(token);
    if (waiting === undefined) return;
    this.#waiting.delete(token);
    waiting(outcome);
  }

  #roleChanged(change: { leading: boolean; epoch: number; leader: NodeId; role: string; reason: string }): void {
    const { leading, epoch, leader, role, reason } = change;
    this.#options.ports.telemetry.log('info', 'quorum role changed', { role, epoch, leader, reason });
    const led = this.#leading;
    if (leading) {
      // Its first entry is written right after this.
      this.#leading = { epoch, start: this.#storage.end, told: false };
    } else if (led !== null) {
      this.#leading = null;
      this.#appendEpoch = -1;
      if (led.told) this.#calls.push(() => this.#follower.resign(reason));
      this.#transport.releaseFetches(({ offset }) => ({
        type: 'fetchReply',
        error: 'notLeaderOrFollower',
        epoch,
        leader: role === 'resigned' ? NO_NODE : leader,
        leaderAddress: '',
        highWatermark: -1,
        logStart: 0,
        diverging: null,
        snapshot: null,
        offset,
        entries: [],
      }));
    }
    this.#calls.push(() => {
      for (const listener of this.#listeners) listener(this.status());
    });
    this.#onRoleChange?.();
  }

  #deliver(entry: Entry): void {
    this.#calls.push(() => this.#hand(entry));
    const leading = this.#leading;
    if (leading === null || leading.told || entry.epoch !== leading.epoch) return;
    // The first entry of its epoch is committed: so is everything before it, and the follower has it by then.
    leading.told = true;
    this.#calls.push(() => {
      if (this.#leading === leading) this.#appendEpoch = leading.epoch;
      this.#follower.lead(leading.epoch);
    });
  }

  #hand(entry: Entry): void {
    const batch = decodeBatch(entry);
    this.#options.ports.telemetry.log('debug', 'metadata committed', () => batchFacts(batch));
    this.#follower.commit(batch);
    this.#handed = batch.endOffset;
    this.#lastContainedMs = batch.appendTimeMs;
    this.#bytesSinceSnapshot += entry.payload.length;
    for (const { type } of batch.records) {
      if (type === 'BeginTransactionRecord') this.#transactionOpen = true;
      else if (type === 'EndTransactionRecord' || type === 'AbortTransactionRecord') this.#transactionOpen = false;
    }
    if (this.#isSnapshotDue()) this.#takeSnapshot();
  }

  #restore(state: Uint8Array, id: Position): void {
    // The checkpoint with which a dynamic quorum begins holds its voters alone.
    if (id.index === 0) return;
    this.#calls.push(() => {
      const appendTimeMs = checkSnapshot(state)?.lastContainedMs ?? -1;
      this.#follower.restore({ id, appendTimeMs, records: { [Symbol.iterator]: () => decodeRecords(state) } });
      this.#handed = id.index;
      this.#lastContainedMs = appendTimeMs;
      this.#transactionOpen = false;
      this.#bytesSinceSnapshot = 0;
      this.#snapshotAtMs = this.#options.ports.clock.monotonicMs();
    });
  }

  #isSnapshotDue(): boolean {
    const { snapshotRecordBytes, snapshotIntervalMs } = this.#settings;
    if (this.#transactionOpen || this.#content !== null) return false;
    if (this.#bytesSinceSnapshot >= snapshotRecordBytes) return true;
    return snapshotIntervalMs > 0 && this.#options.ports.clock.monotonicMs() - this.#snapshotAtMs >= snapshotIntervalMs;
  }

  #takeSnapshot(): void {
    this.#bytesSinceSnapshot = 0;
    this.#snapshotAtMs = this.#options.ports.clock.monotonicMs();
    const records = this.#follower.snapshot()[Symbol.iterator]();
    // The first record is asked for at once: from then on the state that is walked through is the one of now.
    let next: IteratorResult<VersionedRecord> | null = records.next();
    const walk: Iterator<VersionedRecord> = {
      next() {
        const result = next ?? records.next();
        next = null;
        return result;
      },
    };
    this.#content = { upTo: this.#handed, lastContainedMs: this.#lastContainedMs, records: walk };
    this.#driver?.push({ kind: 'snapshot', upTo: this.#handed });
    this.#driver?.run();
    // Where the engine wants none at this cut, such as when a newer one was received, nobody has taken it.
    this.#content = null;
  }

  #trimLater(): void {
    const { clock, timers } = this.#options.ports;
    this.#trimming = timers.set(TRIM_INTERVAL_MS, () => {
      const { snapshots, logBytes } = this.#storage;
      const start = trimPoint(snapshots, logBytes, this.#settings, clock.wallMs());
      if (start !== null) this.#driver?.command({ kind: 'trim', start });
      this.#trimLater();
    });
  }

  async #close(): Promise<void> {
    const driver = this.#driver;
    this.#trimming?.cancel();
    if (driver !== null && !driver.stopped && driver.view().leading && driver.view().voters.length > 1) {
      driver.command({ kind: 'resign' });
      driver.run();
      await this.#succeeded(driver);
    }
    this.#calls.close();
    driver?.stop();
    for (const resolve of this.#waiting.values()) resolve({ kind: 'unknown', leader: NO_NODE });
    this.#waiting.clear();
    await this.#transport.close();
    await this.#storage.close();
  }

  /** Waits until a resigned leader has heard of a successor, for a moment. */
  #succeeded(driver: Driver<RaftMessage, QuorumRecord>): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        timer.cancel();
        this.#onRoleChange = undefined;
        resolve();
      };
      const timer = this.#options.ports.timers.set(this.#settings.requestTimeoutMs, done);
      this.#onRoleChange = () => {
        if (driver.view().role !== 'resigned') done();
      };
      if (driver.view().role !== 'resigned') done();
    });
  }

  #fail(error: unknown): void {
    if (this.#closing !== undefined) return;
    this.#calls.close();
    this.#driver?.stop();
    this.#appendEpoch = -1;
    this.#options.onFailure(error);
  }
}

function refusalOf(outcome: Outcome | null): AppendRefusal['kind'] {
  if (outcome?.kind !== 'refused') return 'not-leader';
  if (outcome.reason === 'tooLarge') return 'too-large';
  return outcome.reason === 'notLeader' || outcome.reason === 'transferring' ? 'not-leader' : 'busy';
}

/** As long as Apache's, but well below the timeouts that a parked fetch must not be taken for. */
function fetchWaitMs({ fetchTimeoutMs, requestTimeoutMs }: QuorumSettings): number {
  const shortest = Math.min(fetchTimeoutMs, requestTimeoutMs);
  return Math.max(1, Math.min(FETCH_WAIT_MS, DEFAULT_OPTIONS.fetchWaitMs, Math.floor(shortest / 2)));
}
