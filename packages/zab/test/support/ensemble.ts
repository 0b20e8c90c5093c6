import type {
  Command,
  Entry,
  Filling,
  NodeId,
  Outcome,
  Position,
  Reference,
  Restored,
  Write,
} from '@biquorum/consensus';
import {
  ELECTION,
  type Epochs,
  LEARNER,
  type LearnerMessage,
  showZxid,
  type ZabEngine,
  type ZabMessage,
  type ZabOptions,
  type ZabView,
  zab,
} from '@biquorum/zab';
import { Disk } from './disk.ts';

const TICK_MS = 10;
/** ZooKeeper's tick in these ensembles. */
export const ZK_TICK_MS = 100;

type Engine = ReturnType<ReturnType<typeof zab>['create']>;
type AnyEffect = ReturnType<Engine['step']>[number];

interface Server {
  readonly disk: Disk;
  engine: ZabEngine | null;
  /** Entries that the machine was given, as text; those of earlier lives included in a snapshot. */
  delivered: string[];
  applied: number;
  readonly outcomes: Outcome[];
  readonly heard: string[];
  /** Why it has changed its state, each time. */
  readonly reasons: string[];
}

interface Packet {
  readonly message: LearnerMessage;
  readonly link: number;
}

/**
 * Servers of an ensemble under full control: every write finishes, and every packet arrives, as soon as it may; a test
 * holds back what it wants to. Time is virtual.
 */
export class Ensemble {
  nowMs = 0;
  readonly servers: Map<NodeId, Server> = new Map();
  /** Every packet on a learner link, as people write them: `1>0 FOLLOWERINFO 0x0`. */
  readonly transcript: string[] = [];
  readonly #options: Partial<ZabOptions>;
  readonly #voters: readonly NodeId[];
  /** Learner links by both ends; the number names the incarnation. */
  readonly #links: Map<string, number> = new Map();
  readonly #queues: Map<string, Packet[]> = new Map();
  readonly #votes: { readonly from: NodeId; readonly to: NodeId; readonly message: ZabMessage }[] = [];
  /** Directions in which nothing arrives for now, of learner links. */
  readonly #held: Set<string> = new Set();
  readonly #cut: Set<string> = new Set();
  /** Servers whose disks stand still. */
  readonly #stalled: Set<NodeId> = new Set();
  #incarnations = 0;

  constructor(size: number, options: Partial<ZabOptions> = {}) {
    this.#options = {
      tickMs: ZK_TICK_MS,
      finalizeWaitMs: 20,
      notificationMinMs: 20,
      notificationMaxMs: 100,
      observerElectionDelayMs: 20,
      connectRetryMs: 20,
      ...options,
    };
    const observers = options.observers ?? [];
    const ids = Array.from({ length: size }, (_, id) => id);
    this.#voters = ids.filter((id) => !observers.includes(id));
    for (const id of ids) {
      this.servers.set(id, {
        disk: new Disk(),
        engine: null,
        delivered: [],
        applied: 0,
        outcomes: [],
        heard: [],
        reasons: [],
      });
    }
  }

  server(id: NodeId): Server {
    return this.servers.get(id) as Server;
  }

  view(id: NodeId): ZabView {
    return (this.server(id).engine as ZabEngine).view();
  }

  start(...ids: NodeId[]): this {
    for (const id of ids.length > 0 ? ids : this.servers.keys()) {
      const server = this.server(id);
      const restored: Restored<Epochs> = server.disk.open();
      server.delivered = server.disk.snapshot === null ? [] : [...server.disk.snapshot.state];
      server.applied = restored.snapshot?.id.index ?? restored.logStart.index;
      server.engine = zab(this.#options).create({
        id,
        directory: '',
        address: '',
        peers: [...this.#voters, ...(this.#options.observers ?? [])].map((peer) => ({ id: peer, address: '' })),
        nowMs: this.nowMs,
        random: 0,
        restored,
      }) as ZabEngine;
    }
    return this;
  }

  /** The power of these machines fails: what was not on the disk is lost, and the others hear of it. */
  powerOff(...ids: NodeId[]): this {
    for (const id of ids) {
      const server = this.server(id);
      server.engine = null;
      server.disk.powerOff();
      for (const other of this.servers.keys()) this.#breakLink(id, other);
    }
    return this;
  }

  /** Nothing gets from these to the others or back; links break. */
  isolate(...ids: NodeId[]): this {
    for (const id of ids) {
      for (const other of this.servers.keys()) {
        if (ids.includes(other)) continue;
        this.#cut.add(`${id}>${other}`).add(`${other}>${id}`);
        this.#breakLink(id, other);
      }
    }
    return this;
  }

  heal(): this {
    this.#cut.clear();
    this.#held.clear();
    this.#stalled.clear();
    return this;
  }

  /** Packets of the learner link from one server to another stay under way. */
  hold(from: NodeId, to: NodeId): this {
    this.#held.add(`${from}>${to}`);
    return this;
  }

  /** Lets the next packets of a held link arrive. */
  pass(from: NodeId, to: NodeId, count: number): this {
    for (let passed = 0; passed < count; passed++) this.#arrive(from, to);
    this.#settle();
    return this;
  }

  release(from: NodeId, to: NodeId): this {
    this.#held.delete(`${from}>${to}`);
    this.#settle();
    return this;
  }

  /** What is under way on a held link. */
  underWay(from: NodeId, to: NodeId): readonly LearnerMessage[] {
    return (this.#queues.get(`${from}>${to}`) ?? []).map(({ message }) => message);
  }

  /** Nothing reaches this server's disk for now. */
  stall(id: NodeId): this {
    this.#stalled.add(id);
    return this;
  }

  unstall(id: NodeId): this {
    this.#stalled.delete(id);
    this.#settle();
    return this;
  }

  /** Lets one write reach the disk of a stalled server. */
  finishWrite(id: NodeId): this {
    const write = this.server(id).disk.finish();
    if (write !== null) this.#step(id, { kind: 'written', write });
    this.#settle();
    return this;
  }

  /** Lets time pass. */
  run(ms: number): this {
    for (const end = this.nowMs + ms; this.nowMs < end; ) {
      this.nowMs += TICK_MS;
      for (const id of this.servers.keys()) this.#step(id, { kind: 'tick', nowMs: this.nowMs, random: 0 });
      this.#settle();
    }
    return this;
  }

  /** @throws Error when the condition does not come true within a minute of virtual time. */
  until(condition: () => boolean): this {
    for (const end = this.nowMs + 60_000; !condition(); this.run(TICK_MS)) {
      if (this.nowMs >= end) {
        const views = [...this.servers].map(([id, { engine }]) =>
          engine === null ? `${id}: down` : `${id}: ${engine.view().role} (${engine.view().reason})`,
        );
        throw new Error(`it does not come true; ${views.join('; ')}`);
      }
    }
    return this;
  }

  get leader(): NodeId | undefined {
    return [...this.servers.keys()].find((id) => this.server(id).engine?.view().leading);
  }

  /** Waits for a leader that these servers follow. */
  untilServes(...ids: NodeId[]): NodeId {
    const all = ids.length > 0 ? ids : [...this.servers.keys()];
    this.until(() => {
      const leaders = new Set(all.map((id) => this.server(id).engine?.view().leader ?? -1));
      return leaders.size === 1 && !leaders.has(-1);
    });
    return this.view(all[0] as NodeId).leader;
  }

  propose(id: NodeId, ...texts: string[]): this {
    const proposals = texts.map((text, token) => {
      const payload = new TextEncoder().encode(text);
      return { token, proposal: { span: 1, bytesMax: payload.length, build: () => payload } };
    });
    this.#step(id, { kind: 'propose', proposals });
    this.#settle();
    return this;
  }

  read(id: NodeId): this {
    this.#step(id, { kind: 'read', token: 0 });
    this.#settle();
    return this;
  }

  command(id: NodeId, command: Command): this {
    this.#step(id, { kind: 'command', token: 0, command });
    this.#settle();
    return this;
  }

  say(from: NodeId, to: NodeId, text: string, afterCommit: boolean = false): this {
    const payload = new TextEncoder().encode(text);
    this.#step(from, { kind: 'application', channel: LEARNER, to, payload, afterCommit });
    this.#settle();
    return this;
  }

  snapshot(id: NodeId): this {
    this.#step(id, { kind: 'snapshot', upTo: this.server(id).applied });
    this.#settle();
    return this;
  }

  /** A packet as if another server had sent it. */
  inject(from: NodeId, to: NodeId, message: ZabMessage): this {
    this.#step(to, {
      kind: 'message',
      channel: message.type === 'notification' ? ELECTION : LEARNER,
      from,
      inReplyTo: 0,
      message,
    });
    this.#settle();
    return this;
  }

  /** Packets between two servers, without the names of the servers. */
  packets(...between: [NodeId, NodeId]): string[] {
    const pair = new Set([`${between[0]}>${between[1]}`, `${between[1]}>${between[0]}`]);
    return this.transcript.filter((line) => pair.has(line.slice(0, 3))).map((line) => line.slice(4));
  }

  #settle(): void {
    for (let busy = true; busy; ) {
      busy = false;
      for (const [id, { disk, engine }] of this.servers) {
        if (engine === null || this.#stalled.has(id)) continue;
        const write = disk.finish();
        if (write === null) continue;
        busy = true;
        this.#step(id, { kind: 'written', write });
      }
      for (const vote of this.#votes.splice(0)) {
        if (this.#cut.has(`${vote.from}>${vote.to}`)) continue;
        busy = true;
        this.#step(vote.to, {
          kind: 'message',
          channel: ELECTION,
          from: vote.from,
          inReplyTo: 0,
          message: vote.message,
        });
      }
      for (const [direction, queue] of this.#queues) {
        if (queue.length === 0 || this.#held.has(direction)) continue;
        busy = true;
        const [from, to] = direction.split('>').map(Number) as [NodeId, NodeId];
        this.#arrive(from, to);
      }
    }
  }

  #arrive(from: NodeId, to: NodeId): void {
    const packet = this.#queues.get(`${from}>${to}`)?.shift();
    if (packet === undefined || this.#links.get(pairOf(from, to)) !== packet.link) return;
    this.transcript.push(`${from}>${to} ${show(packet.message)}`);
    this.#step(to, { kind: 'message', channel: LEARNER, from, inReplyTo: 0, message: packet.message });
  }

  #step(id: NodeId, input: Parameters<Engine['step']>[0]): void {
    // Strangers have no engine.
    const engine = this.servers.get(id)?.engine ?? null;
    if (engine === null) return;
    for (const effect of engine.step(input)) this.#perform(id, effect);
  }

  #perform(id: NodeId, effect: AnyEffect): void {
    const server = this.server(id);
    switch (effect.kind) {
      case 'write':
        server.disk.write(effect.write as Write<Epochs>);
        return;
      case 'send':
        if (effect.channel === ELECTION) this.#votes.push({ from: id, to: effect.to, message: effect.message });
        else this.#send(id, effect.to, effect.message as LearnerMessage, effect.fill, effect.after);
        return;
      case 'dial':
        this.#dial(id, effect.peer);
        return;
      case 'hangUp':
        this.#hangUp(id, effect.peer);
        return;
      case 'leadership':
        server.reasons.push(effect.reason);
        return;
      case 'deliver':
        this.#deliver(server, effect.upTo);
        return;
      case 'settle':
        server.outcomes.push(effect.outcome);
        return;
      case 'application':
        server.heard.push(`${effect.channel} ${effect.from} ${new TextDecoder().decode(effect.payload)}`);
        return;
      case 'wantSnapshot':
        this.#step(id, { kind: 'snapshot', upTo: server.applied });
        return;
      case 'snapshot': {
        const size = server.disk.keep(effect.id, server.delivered);
        this.#step(id, { kind: 'snapshotWritten', id: effect.id, size });
        return;
      }
      case 'receiveSnapshot':
        server.disk.receive(effect.position, effect.bytes);
        return;
      case 'installSnapshot':
        server.disk.install(effect.id);
        this.#step(id, { kind: 'snapshotInstalled', id: effect.id, size: effect.size, context: new Uint8Array(0) });
        return;
      case 'restore':
        server.delivered = [...(server.disk.snapshot?.state ?? [])];
        server.applied = effect.snapshot.index;
        return;
      default:
        return;
    }
  }

  #deliver(server: Server, upTo: Position): void {
    for (const { index, span, kind, payload } of server.disk.read(server.applied, upTo.index)) {
      if (kind === 'data') server.delivered.push(new TextDecoder().decode(payload));
      server.applied = index + span;
    }
  }

  /** Packets that wait for a write are not sent before it: `Disk` counts writes as the engine does. */
  #send(from: NodeId, to: NodeId, message: LearnerMessage, fill: Reference | null, after: number): void {
    const link = this.#links.get(pairOf(from, to));
    if (link === undefined) return;
    const { disk } = this.server(from);
    disk.whenWritten(after, () => {
      const whole = fill === null ? message : (zab().fill(message, this.#fill(from, fill), fill) as LearnerMessage);
      const direction = `${from}>${to}`;
      if (!this.#queues.has(direction)) this.#queues.set(direction, []);
      this.#queues.get(direction)?.push({ message: whole, link });
    });
  }

  #fill(id: NodeId, reference: Reference): Filling {
    const { disk } = this.server(id);
    if (reference.kind === 'entries')
      return { kind: 'entries', entries: disk.read(reference.from, reference.upTo) as readonly Entry[] };
    const bytes = disk.snapshotBytes();
    return { kind: 'snapshot', size: bytes.length, bytes };
  }

  #dial(from: NodeId, to: NodeId): void {
    this.#breakLink(to, from, false);
    if (this.#cut.has(`${from}>${to}`) || this.server(to).engine === null) {
      this.#step(from, { kind: 'link', channel: LEARNER, peer: to, up: false });
      return;
    }
    this.#links.set(pairOf(from, to), ++this.#incarnations);
    this.#step(to, { kind: 'link', channel: LEARNER, peer: from, up: true });
  }

  /** The other end hears of it once everything has arrived that was sent before; here: at once. */
  #hangUp(from: NodeId, to: NodeId): void {
    this.#breakLink(to, from, false);
  }

  /** @param both Whether `other` hears of it, too. */
  #breakLink(id: NodeId, other: NodeId, both: boolean = true): void {
    if (!this.#links.delete(pairOf(id, other))) return;
    this.#step(id, { kind: 'link', channel: LEARNER, peer: other, up: false });
    if (both) this.#step(other, { kind: 'link', channel: LEARNER, peer: id, up: false });
  }
}

function pairOf(one: NodeId, other: NodeId): string {
  return `${Math.min(one, other)}-${Math.max(one, other)}`;
}

/** A packet as ZooKeeper's people write it. */
function show(message: LearnerMessage): string {
  const name = message.type.toUpperCase();
  switch (message.type) {
    case 'followerInfo':
    case 'observerInfo':
      return `${name} ${message.acceptedEpoch}`;
    case 'leaderInfo':
      return `${name} ${message.epoch}`;
    case 'ackEpoch':
      return `${name} ${showZxid(message.zxid)} ${message.currentEpoch}`;
    case 'history':
      return `HISTORY ${message.entries
        .filter(({ kind }) => kind === 'data')
        .map(({ index }) => showZxid(index))
        .join(' ')}`;
    case 'snapshotChunk':
      return `SNAPSHOT${message.last ? ' END' : ''}`;
    case 'application':
      return `APPLICATION ${new TextDecoder().decode(message.payload)}`;
    case 'upToDate':
      return name;
    default:
      return `${name} ${showZxid(message.zxid)}`;
  }
}
