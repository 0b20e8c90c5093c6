import type { Command, Effect, Entry, Filling, Input, NodeId, Outcome, Position, View } from '@biquorum/consensus';
import {
  DEFAULT_OPTIONS,
  type FetchRequest,
  type QuorumRecord,
  RaftEngine,
  type RaftMessage,
  type RaftOptions,
  raft,
  type VoteRequest,
} from '@biquorum/raft';

export type RaftEffect = Effect<RaftMessage, QuorumRecord>;

/** A message on its way. */
export interface Envelope {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly message: RaftMessage;
  /** The request's number, for the answer. */
  readonly request: number;
  readonly answer: boolean;
}

/** What survives a restart. */
interface Disk {
  durable: QuorumRecord | null;
  entries: Entry[];
  start: Position;
  snapshots: { id: Position; context: Uint8Array; state: Uint8Array }[];
}

/** One engine with its storage in plain arrays; writes finish when `autoWrite` is on, or with `flush`. */
export class Node {
  readonly id: NodeId;
  readonly cluster: Cluster;
  engine: RaftEngine;
  disk: Disk;
  /** What the log holds, synced or not. */
  log: Entry[] = [];
  start: Position = { epoch: 0, index: 0 };
  nowMs = 0;
  written = 0;
  pending: { id: number; apply: () => void }[] = [];
  held: Extract<RaftEffect, { kind: 'send' | 'answer' }>[] = [];
  tokens: Map<number, { from: NodeId; request: number }> = new Map();
  outcomes: Map<number, Outcome> = new Map();
  committed = 0;
  applied: Entry[] = [];
  receiving = new Uint8Array(0);
  nextToken = 1;
  /** All effects of the last input. */
  last: readonly RaftEffect[] = [];

  constructor(cluster: Cluster, id: NodeId) {
    this.cluster = cluster;
    this.id = id;
    this.disk = { durable: null, entries: [], start: { epoch: 0, index: 0 }, snapshots: [] };
    this.engine = this.#make();
  }

  get view(): View {
    return this.engine.view();
  }

  /** Starts again with what was on the disk. */
  restart(): void {
    this.log = [...this.disk.entries];
    this.start = this.disk.start;
    this.written = 0;
    this.pending = [];
    this.held = [];
    this.tokens.clear();
    this.committed = this.disk.snapshots.at(-1)?.id.index ?? 0;
    this.applied = [];
    this.engine = this.#make();
  }

  step(input: Input<RaftMessage>): readonly RaftEffect[] {
    this.last = this.engine.step(input);
    for (const effect of this.last) this.#perform(effect);
    if (this.cluster.autoWrite) this.flush();
    return this.last;
  }

  tick(ms = 0): readonly RaftEffect[] {
    this.nowMs += ms;
    return this.step({ kind: 'tick', nowMs: this.nowMs, random: this.cluster.random() });
  }

  propose(text: string): number {
    const token = this.nextToken++;
    const payload = new TextEncoder().encode(text);
    this.step({
      kind: 'propose',
      proposals: [{ token, proposal: { span: 1, bytesMax: payload.length, build: () => payload } }],
    });
    return token;
  }

  read(): number {
    const token = this.nextToken++;
    this.step({ kind: 'read', token });
    return token;
  }

  command(command: Command): number {
    const token = this.nextToken++;
    this.step({ kind: 'command', token, command });
    return token;
  }

  /** Asks as a member would. @returns The answer, if it came at once, and the write that it waits for. */
  ask(from: NodeId, message: RaftMessage): { message: RaftMessage; after: number } | null {
    const token = this.nextToken++;
    const effects = this.step({ kind: 'request', channel: 'raft', from, token, message });
    const answer = effects.find((effect) => effect.kind === 'answer' && effect.token === token);
    return answer?.kind === 'answer' ? { message: this.#filled(answer), after: answer.after } : null;
  }

  /** All writes under way are on the disk. */
  flush(): void {
    while (this.pending.length > 0) {
      const { id, apply } = this.pending.shift() as { id: number; apply: () => void };
      apply();
      this.written = id;
      for (const effect of this.engine.step({ kind: 'written', write: id })) this.#perform(effect);
      const held = this.held;
      this.held = [];
      for (const effect of held) this.#emit(effect);
    }
  }

  texts(): string[] {
    return this.applied.filter(({ kind }) => kind === 'data').map(({ payload }) => new TextDecoder().decode(payload));
  }

  #make(): RaftEngine {
    const { cluster, disk } = this;
    const snapshot = disk.snapshots.at(-1);
    return new RaftEngine(
      {
        id: this.id,
        directory: `d${this.id}`,
        address: '',
        peers: cluster.voters.map((id) => ({ id, address: '' })),
        nowMs: this.nowMs,
        random: cluster.random(),
        restored: {
          durable: disk.durable,
          snapshot:
            snapshot === undefined ? null : { id: snapshot.id, context: snapshot.context, size: snapshot.state.length },
          logStart: disk.start,
          entries: disk.entries,
        },
      },
      cluster.options,
    );
  }

  #perform(effect: RaftEffect): void {
    const { disk } = this;
    switch (effect.kind) {
      case 'write': {
        const { id, truncateTo, append, durable, deletePrefix } = effect.write;
        const change = (entries: Entry[]): Entry[] => {
          let next = truncateTo === undefined ? entries : entries.filter(({ index }) => index < truncateTo);
          if (append !== undefined) next = [...next, ...append];
          return deletePrefix === undefined ? next : next.filter(({ index }) => index >= deletePrefix.index);
        };
        this.log = change(this.log);
        if (deletePrefix !== undefined) this.start = deletePrefix;
        this.pending.push({
          id,
          apply: () => {
            disk.entries = change(disk.entries);
            if (durable !== undefined) disk.durable = durable;
            if (deletePrefix !== undefined) disk.start = deletePrefix;
          },
        });
        return;
      }
      case 'send':
      case 'answer':
        this.#emit(effect);
        return;
      case 'deliver':
        for (const entry of this.log) {
          if (entry.index >= this.committed && entry.index < effect.upTo.index) this.applied.push(entry);
        }
        this.committed = effect.upTo.index;
        return;
      case 'restore':
        this.committed = effect.snapshot.index;
        this.applied = JSON.parse(new TextDecoder().decode(disk.snapshots.at(-1)?.state)).map(
          (text: string, at: number) => ({
            index: at,
            span: 1,
            epoch: 0,
            kind: 'data',
            payload: new TextEncoder().encode(text),
          }),
        );
        return;
      case 'settle':
        this.outcomes.set(effect.token, effect.outcome);
        return;
      case 'snapshot': {
        const state = new TextEncoder().encode(JSON.stringify(this.texts()));
        disk.snapshots.push({ id: effect.id, context: effect.context, state });
        for (const next of this.engine.step({ kind: 'snapshotWritten', id: effect.id, size: state.length })) {
          this.#perform(next);
        }
        return;
      }
      case 'receiveSnapshot': {
        const bytes = new Uint8Array(effect.position + effect.bytes.length);
        bytes.set(this.receiving.subarray(0, effect.position));
        bytes.set(effect.bytes, effect.position);
        this.receiving = bytes;
        return;
      }
      case 'installSnapshot': {
        const source = this.cluster.nodes.find((node) =>
          node.disk.snapshots.some(({ id }) => id.index === effect.id.index),
        );
        const context = source?.disk.snapshots.find(({ id }) => id.index === effect.id.index)?.context ?? null;
        if (context !== null) {
          disk.snapshots = [{ id: effect.id, context, state: this.receiving }];
          disk.entries = [];
          disk.start = effect.id;
          this.log = [];
          this.start = effect.id;
        }
        for (const next of this.engine.step({ kind: 'snapshotInstalled', id: effect.id, size: effect.size, context })) {
          this.#perform(next);
        }
        return;
      }
    }
  }

  #emit(effect: Extract<RaftEffect, { kind: 'send' | 'answer' }>): void {
    if (effect.after > this.written) {
      this.held.push(effect);
      return;
    }
    if (effect.kind === 'send') {
      const { to, message, request } = effect;
      this.cluster.post({ from: this.id, to, message, request, answer: false });
      return;
    }
    const asker = this.tokens.get(effect.token);
    this.tokens.delete(effect.token);
    if (asker === undefined) return;
    this.cluster.post({
      from: this.id,
      to: asker.from,
      message: this.#filled(effect),
      request: asker.request,
      answer: true,
    });
  }

  #filled({ message, fill }: Extract<RaftEffect, { kind: 'answer' }>): RaftMessage {
    if (fill === null) return message;
    let filling: Filling;
    if (fill.kind === 'entries') {
      const entries = this.log.filter(({ index }) => index >= fill.from && index < fill.upTo);
      filling = { kind: 'entries', entries };
    } else {
      const held = this.disk.snapshots.find(({ id }) => id.index === fill.id.index);
      const bytes = held?.state.subarray(fill.position, fill.position + fill.bytesMax) ?? new Uint8Array(0);
      filling = held === undefined ? { kind: 'missing' } : { kind: 'snapshot', size: held.state.length, bytes };
    }
    return raft().fill(message, filling, fill);
  }
}

/** Engines that talk to each other through a queue in the hands of the test. */
export class Cluster {
  readonly voters: readonly NodeId[];
  readonly options: RaftOptions;
  readonly nodes: Node[];
  /** Writes finish at once. */
  autoWrite = true;
  queue: Envelope[] = [];
  /** Messages that do not get through. */
  drops: (envelope: Envelope) => boolean = () => false;
  /** All that was delivered. */
  readonly trace: Envelope[] = [];
  #seed = 1;

  constructor(voters: number, options: Partial<RaftOptions> = {}, observers = 0) {
    this.voters = Array.from({ length: voters }, (_, id) => id);
    this.options = { ...DEFAULT_OPTIONS, ...options };
    this.nodes = Array.from({ length: voters + observers }, (_, id) => new Node(this, id));
  }

  node(id: NodeId): Node {
    return this.nodes[id] as Node;
  }

  random(): number {
    this.#seed = (Math.imul(this.#seed, 0x41c6_4e6d) + 0x3039) >>> 0;
    return this.#seed;
  }

  post(envelope: Envelope): void {
    this.queue.push(envelope);
  }

  /** Delivers what is on its way, and what that sets going, until nothing is. */
  settle(limit = 10_000): void {
    for (let count = 0; this.queue.length > 0; count++) {
      if (count > limit) throw new Error('the cluster does not come to rest');
      this.deliver(this.queue.shift() as Envelope);
    }
  }

  deliver(envelope: Envelope): void {
    const { from, to, message, request, answer } = envelope;
    const target = this.nodes[to];
    if (target === undefined || this.drops(envelope)) return;
    this.trace.push(envelope);
    if (answer) {
      target.step({ kind: 'message', channel: 'raft', from, inReplyTo: request, message });
      return;
    }
    const token = target.nextToken++;
    target.tokens.set(token, { from, request });
    target.step({ kind: 'request', channel: 'raft', from, token, message });
  }

  /** Lets time pass for everybody, in small steps. */
  pass(ms: number, stepMs = 10): void {
    for (let passed = 0; passed < ms; passed += stepMs) {
      for (const node of this.nodes) node.tick(stepMs);
      this.settle();
    }
  }

  /** Lets time pass for one node only, until it leads. */
  elect(id: NodeId): Node {
    const node = this.node(id);
    for (let count = 0; !node.view.leading; count++) {
      if (count > 1000) throw new Error(`node ${id} does not get elected: ${JSON.stringify(node.view)}`);
      node.tick(50);
      this.settle();
    }
    this.settle();
    return node;
  }

  /** Nobody hears the others of these groups. */
  partition(...groups: readonly (readonly NodeId[])[]): void {
    const groupOf = (id: NodeId): number => groups.findIndex((group) => group.includes(id));
    this.drops = ({ from, to }) => groupOf(from) !== groupOf(to);
  }

  heal(): void {
    this.drops = () => false;
  }
}

/** A vote request with the usual fields. */
export function voteRequest(
  fields: Partial<VoteRequest> & { candidate: { id: NodeId; directory: string } },
): VoteRequest {
  return { type: 'vote', epoch: 1, voter: { id: 0, directory: '' }, lastEpoch: 0, end: 0, preVote: false, ...fields };
}

/** A fetch with the usual fields. */
export function fetchRequest(
  fields: Partial<FetchRequest> & { replica: { id: NodeId; directory: string } },
): FetchRequest {
  return {
    type: 'fetch',
    epoch: 1,
    offset: 0,
    lastEpoch: 0,
    highWatermark: -1,
    waitMs: 0,
    bytesMax: 1_000_000,
    ...fields,
  };
}
