import type { Clock, Random, Timer, Timers } from '@biquorum/platform';
import { assert, Queue, unreachable } from '@biquorum/std';
import {
  type Command,
  type Effect,
  type Engine,
  type EngineKind,
  type Filling,
  type Input,
  NO_NODE,
  type NodeId,
  type Outcome,
  type Peer,
  type Position,
  type Proposal,
  type Reference,
  type Token,
  type View,
} from './contract.ts';
import { EngineConfigError, requireCapabilities } from './errors.ts';
import { FifoLinks } from './fifo-links.ts';
import { Inbox } from './inbox.ts';
import type { DriverMachine, EngineStorage, Transport } from './ports.ts';

/** What a driver is made from. */
export interface DriverSetup<Message, Durable> {
  readonly kind: EngineKind<Message, Durable>;
  readonly id: NodeId;
  /** Tells a wiped disk from the one before; empty when unknown. */
  readonly directory: string;
  readonly address: string;
  readonly peers: readonly Peer[];
  readonly storage: EngineStorage<Durable>;
  readonly transport: Transport<Message>;
  readonly machine: DriverMachine;
  readonly ports: {
    readonly clock: Pick<Clock, 'monotonicMs'>;
    readonly timers: Timers;
    readonly random: Pick<Random, 'uint32'>;
  };
  readonly events?: Partial<DriverEvents>;
  readonly limits?: Partial<DriverLimits>;
}

/** What the driver tells its owner; never from inside a call of the owner's, but for `settled` of a full inbox. */
export interface DriverEvents {
  settled(token: Token, outcome: Outcome): void;
  leadership(change: Extract<Effect<never, never>, { kind: 'leadership' }>): void;
  pressure(on: boolean): void;
  /** An application message, in order with applied entries. */
  application(channel: string, from: NodeId, payload: Uint8Array): void;
  /** Something was applied or restored; every cut before `index` is visible in the machine. */
  applied(index: number): void;
  /** The node has stopped for good: the disk failed or an invariant of the engine is broken. */
  failed(error: unknown): void;
}

/** The bounds that a driver keeps. */
export interface DriverLimits {
  /** Inputs that may wait; over it messages are turned away and proposals refused. */
  readonly inboxInputs: number;
  /** Milliseconds between two ticks. */
  readonly tickMs: number;
  /** A snapshot is made after so many indexes; 0 for never. */
  readonly snapshotEvery: number;
  /** Bytes read at once for the machine. */
  readonly deliverBytesMax: number;
}

/** What holds where {@link DriverSetup.limits} says nothing. */
export const DEFAULT_LIMITS: DriverLimits = {
  inboxInputs: 16_384,
  tickMs: 10,
  snapshotEvery: 0,
  deliverBytesMax: 4 * 1024 * 1024,
};

/**
 * Runs one engine: feeds inputs one at a time from a bounded inbox and performs the effects of each step, in order,
 * through ports. The same in production and in the simulator. It never calls the engine from within a step: whatever a
 * port reports waits in the inbox.
 */
export class Driver<Message, Durable> {
  readonly #setup: DriverSetup<Message, Durable>;
  readonly #limits: DriverLimits;
  readonly #events: Partial<DriverEvents>;
  readonly #engine: Engine<Message, Durable>;
  readonly #inbox: Inbox<Message> = new Inbox();
  readonly #replies: Map<Token, (message: Message) => void> = new Map();
  /** Effects that wait for a write, in the order in which they were wanted. */
  #held: Outgoing<Message, Durable>[] = [];
  /** Channels whose messages keep their order. */
  readonly #fifo: FifoLinks<Message>;
  /** Application messages that came behind something that is not applied yet, with the cut that it ends at. */
  readonly #early: Queue<{ readonly index: number; readonly effect: Application }> = new Queue();
  #nextToken = 1;
  #written = 0;
  #scheduled = false;
  #stepping = false;
  #draining = false;
  #stopped = false;
  #tick: Timer | null = null;
  /** Everything before this is in the machine. */
  #applied: number;
  #committed: Position;
  #delivering = false;
  /** A snapshot that the machine must load before anything is applied. */
  #restoring: Position | null = null;
  /** The log is about to be replaced by a snapshot: entries that are committed may be gone already. */
  #installing = false;
  #lastSnapshot: number;
  #snapshotWanted = false;

  /**
   * Opens the storage, restores the machine, makes the engine and starts ticking.
   *
   * @throws EngineConfigError (as a rejection) when a limit is out of its range; what the storage throws.
   */
  static async start<Message, Durable>(setup: DriverSetup<Message, Durable>): Promise<Driver<Message, Durable>> {
    checkLimits({ ...DEFAULT_LIMITS, ...setup.limits });
    let driver: Driver<Message, Durable> | null = null;
    const opened = await setup.storage.open({
      written: (write) => driver?.push({ kind: 'written', write }),
      snapshotWritten: (id, size) => driver?.push({ kind: 'snapshotWritten', id, size }),
      snapshotInstalled: (id, size, context) => driver?.push({ kind: 'snapshotInstalled', id, size, context }),
      failed: (error) => driver?.fail(error),
    });
    const { snapshot } = opened;
    if (snapshot !== null) setup.machine.restore(await setup.storage.loadSnapshot(snapshot.id), snapshot.id);
    const { clock, random } = setup.ports;
    const engine = setup.kind.create({
      id: setup.id,
      directory: setup.directory,
      address: setup.address,
      peers: setup.peers,
      nowMs: clock.monotonicMs(),
      random: random.uint32(),
      restored: opened,
    });
    driver = new Driver(setup, engine, snapshot?.id ?? { epoch: 0, index: 0 });
    driver.#begin();
    return driver;
  }

  private constructor(setup: DriverSetup<Message, Durable>, engine: Engine<Message, Durable>, applied: Position) {
    this.#setup = setup;
    this.#engine = engine;
    this.#fifo = new FifoLinks({
      kind: setup.kind,
      transport: setup.transport,
      fill: (reference, done) => this.#fill(reference, (filling) => this.#unlessStopped(() => done(filling))),
      forget: (channel, peer) => this.#inbox.forget(channel, peer),
      lost: (channel, peer) => this.push({ kind: 'link', channel, peer, up: false }),
    });
    this.#events = setup.events ?? {};
    this.#limits = { ...DEFAULT_LIMITS, ...setup.limits };
    this.#applied = applied.index;
    this.#lastSnapshot = applied.index;
    this.#committed = applied;
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  /** Everything before this index is in the machine. */
  get applied(): number {
    return this.#applied;
  }

  view(): View {
    return this.#engine.view();
  }

  /** Whether more proposals, reads and messages are welcome. */
  get hasRoom(): boolean {
    return this.#inbox.size < this.#limits.inboxInputs && !this.#stopped;
  }

  /** @returns The token that the outcome will name. Over the inbox's bound it is refused as `busy` at once. */
  propose(proposal: Proposal): Token {
    return this.#ask((token) => ({ kind: 'propose', proposals: [{ token, proposal }] }));
  }

  read(): Token {
    return this.#ask((token) => ({ kind: 'read', token }));
  }

  command(command: Command): Token {
    return this.#ask((token) => ({ kind: 'command', token, command }));
  }

  /**
   * Sends an application message, in order with the engine's.
   *
   * @param afterCommit Not before everything is committed that was proposed before.
   * @returns False when there is no room: then nothing was taken in.
   * @throws CapabilityError when the engine does not declare `applicationMessages`.
   */
  application(channel: string, to: NodeId, payload: Uint8Array, afterCommit: boolean = false): boolean {
    requireCapabilities(this.#setup.kind, ['applicationMessages']);
    if (!this.hasRoom) return false;
    this.push({ kind: 'application', channel, to, payload, afterCommit });
    return true;
  }

  /** Asks for a snapshot of what is applied. */
  snapshot(): void {
    this.#snapshotWanted = true;
    this.#schedule();
  }

  /** Takes in now what waits in the inbox, instead of at the end of the turn. Does nothing from within a step. */
  run(): void {
    if (!this.#stopped && !this.#stepping && !this.#draining) this.#drain();
  }

  /** Puts an input into the inbox, whatever its bound; for what is bounded elsewhere. */
  push(input: Input<Message>): void {
    if (this.#stopped) return;
    this.#inbox.push(input);
    this.#schedule();
  }

  /** Stops at once. Nothing is performed any more; the storage and the transport are the owner's to close. */
  stop(): void {
    this.#stopped = true;
    this.#tick?.cancel();
    this.#inbox.clear();
    this.#held = [];
    this.#replies.clear();
  }

  /** The one fault policy: a node whose disk or engine failed stops and says why. */
  fail(error: unknown): void {
    if (this.#stopped) return;
    this.stop();
    this.#events.failed?.(error);
  }

  #begin(): void {
    this.#setup.transport.start({
      message: (channel, from, inReplyTo, message) => {
        if (!this.hasRoom) return false;
        this.push({ kind: 'message', channel, from, inReplyTo, message });
        return true;
      },
      request: (channel, from, message, reply) => {
        if (!this.hasRoom) return false;
        const token = this.#nextToken++;
        this.#replies.set(token, reply);
        // Requests that were parked and never answered must not pile up: the oldest has long been given up.
        if (this.#replies.size > this.#limits.inboxInputs)
          this.#replies.delete(this.#replies.keys().next().value as Token);
        this.push({ kind: 'request', channel, from, token, message });
        return true;
      },
      link: (channel, peer, up, gone) => {
        if (!up) this.#fifo.wentDown(channel, peer);
        this.push({ kind: 'link', channel, peer, up, ...(gone === true ? { gone } : {}) });
      },
    });
    this.#onTick();
  }

  #onTick(): void {
    if (this.#stopped) return;
    const { clock, timers, random } = this.#setup.ports;
    this.#tick = timers.set(this.#limits.tickMs, () => this.#onTick());
    this.push({ kind: 'tick', nowMs: clock.monotonicMs(), random: random.uint32() });
  }

  #ask(input: (token: Token) => Input<Message>): Token {
    const token = this.#nextToken++;
    if (this.hasRoom) this.push(input(token));
    else this.#events.settled?.(token, { kind: 'refused', reason: 'busy', leader: NO_NODE });
    return token;
  }

  #schedule(): void {
    if (this.#scheduled || this.#stopped) return;
    this.#scheduled = true;
    this.#setup.ports.timers.soon(() => {
      this.#scheduled = false;
      this.#drain();
    });
  }

  #drain(): void {
    if (this.#stopped) return;
    this.#draining = true;
    try {
      for (let input = this.#inbox.shift(); input !== undefined; input = this.#inbox.shift()) {
        this.#step(input);
        if (this.#stopped) return;
      }
      this.#deliver();
      if (this.#snapshotWanted && !this.#delivering && this.#restoring === null) {
        this.#snapshotWanted = false;
        this.#step({ kind: 'snapshot', upTo: this.#applied });
      }
      // After all sends: the network works while the disk does, and all writes of the turn are one.
      this.#setup.storage.flush();
    } catch (error) {
      this.fail(error);
    }
    this.#draining = false;
  }

  #step(input: Input<Message>): void {
    assert(!this.#stepping, 'the engine was entered from within a step');
    this.#stepping = true;
    if (input.kind === 'written') this.#written = input.write;
    else if (input.kind === 'snapshotInstalled') this.#installing = false;
    else if (input.kind === 'link' && !input.up) this.#fifo.toldDown(input.channel, input.peer);
    const effects = this.#engine.step(input);
    for (const effect of effects) this.#perform(effect);
    this.#stepping = false;
    if (input.kind === 'written') this.#release();
  }

  #perform(effect: Effect<Message, Durable>): void {
    const { storage, transport } = this.#setup;
    switch (effect.kind) {
      case 'write':
        storage.write(effect.write);
        return;
      case 'send':
        if (this.#fifo.has(effect.channel)) this.#fifo.send(effect, this.#written);
        else if (effect.after > this.#written) this.#held.push(effect);
        else this.#emit(effect);
        return;
      case 'answer':
        if (effect.after > this.#written) this.#held.push(effect);
        else this.#emit(effect);
        return;
      case 'deliver':
        this.#committed = effect.upTo;
        return;
      case 'restore':
        this.#restoring = effect.snapshot;
        this.#committed = effect.snapshot;
        return;
      case 'leadership':
        this.#events.leadership?.(effect);
        return;
      case 'settle':
        this.#events.settled?.(effect.token, effect.outcome);
        return;
      case 'pressure':
        this.#events.pressure?.(effect.on);
        return;
      case 'snapshot':
        this.#lastSnapshot = effect.id.index;
        storage.writeSnapshot(effect.id, effect.context, this.#setup.machine.snapshot());
        return;
      case 'receiveSnapshot':
        storage.receiveSnapshot(effect.id, effect.position, effect.bytes);
        return;
      case 'installSnapshot':
        this.#installing = true;
        storage.installSnapshot(effect.id, effect.size);
        return;
      case 'members':
        for (const { id, address } of effect.peers) transport.learn(id, address);
        return;
      case 'application':
        this.#early.push({ index: this.#committed.index, effect });
        this.#hear();
        return;
      case 'wantSnapshot':
        this.#snapshotWanted = true;
        return;
      case 'dial':
        this.#fifo.dial(effect.channel, effect.peer);
        return;
      case 'hangUp':
        this.#fifo.hangUp(effect.channel, effect.peer);
        return;
      default:
        unreachable(effect);
    }
  }

  /** Performs what waited for writes that are on the disk now. */
  #release(): void {
    this.#fifo.release(this.#written);
    if (this.#held.length === 0) return;
    const held = this.#held;
    this.#held = [];
    for (const effect of held) {
      if (effect.after > this.#written) this.#held.push(effect);
      else this.#emit(effect);
    }
  }

  #emit(effect: Outgoing<Message, Durable>): void {
    if (effect.kind === 'send') {
      const { channel, to, request } = effect;
      this.#complete(effect, (message) => this.#setup.transport.send(channel, to, message, request));
      return;
    }
    const reply = this.#replies.get(effect.token);
    if (reply === undefined) return;
    this.#replies.delete(effect.token);
    this.#complete(effect, reply);
  }

  /** Passes the message on once the data that it refers to is in it. */
  #complete({ message, fill }: Outgoing<Message, Durable>, pass: (message: Message) => void): void {
    if (fill === null) pass(message);
    else {
      this.#fill(fill, (filling) => this.#unlessStopped(() => pass(this.#setup.kind.fill(message, filling, fill))));
    }
  }

  #unlessStopped(work: () => void): void {
    if (!this.#stopped) this.#guard(work);
  }

  #fill(reference: Reference, done: (filling: Filling) => void): void {
    const { storage } = this.#setup;
    if (reference.kind === 'entries') storage.readEntries(reference.from, reference.upTo, reference.bytesMax, done);
    else storage.readSnapshot(reference.id, reference.position, reference.bytesMax, done);
  }

  /** Passes on application messages whose turn has come. */
  #hear(): void {
    for (let head = this.#early.peek(); head !== undefined; head = this.#early.peek()) {
      if (head.index > this.#applied || this.#restoring !== null) return;
      this.#early.shift();
      const { channel, from, payload } = head.effect;
      this.#events.application?.(channel, from, payload);
    }
  }

  /** Brings the machine up to what is committed. */
  #deliver(): void {
    if (this.#delivering || this.#stopped) return;
    if (this.#restoring !== null) {
      this.#restore(this.#restoring);
      return;
    }
    while (this.#applied < this.#committed.index) {
      let sync = true;
      let again = false;
      this.#delivering = true;
      this.#setup.storage.readEntries(this.#applied, this.#committed.index, this.#limits.deliverBytesMax, (filling) => {
        this.#delivering = false;
        if (this.#stopped) return;
        this.#guard(() => {
          if (this.#restoring !== null || this.#apply(filling)) again = true;
        });
        if (!sync && again) this.#schedule();
      });
      sync = false;
      if (!again || this.#stopped || this.#restoring !== null) return;
    }
  }

  /** @returns Whether there were entries; a snapshot that is being put in place may have taken them away. */
  #apply(filling: Filling): boolean {
    if (filling.kind !== 'entries') {
      assert(this.#installing, () => `committed entries from ${this.#applied} on are gone`);
      return false;
    }
    const { machine } = this.#setup;
    for (const entry of filling.entries) {
      assert(entry.index === this.#applied, () => `entry ${entry.index} follows ${this.#applied} in the machine`);
      machine.apply(entry);
      this.#applied = entry.index + entry.span;
    }
    this.#events.applied?.(this.#applied);
    this.#hear();
    const { snapshotEvery } = this.#limits;
    if (snapshotEvery > 0 && this.#applied - this.#lastSnapshot >= snapshotEvery) this.snapshot();
    return true;
  }

  #restored(state: Uint8Array, id: Position): void {
    this.#restoring = null;
    this.#setup.machine.restore(state, id);
    this.#applied = id.index;
    this.#lastSnapshot = id.index;
    this.#events.applied?.(this.#applied);
    this.#hear();
  }

  /** Whatever breaks outside of a step, such as a machine that throws, stops the node as well. */
  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.fail(error);
    }
  }

  #restore(id: Position): void {
    this.#delivering = true;
    this.#setup.storage.loadSnapshot(id).then(
      (state) => {
        this.#delivering = false;
        if (this.#stopped) return;
        // A newer snapshot may have arrived while this one was loaded.
        if (this.#restoring === id) {
          this.#guard(() => this.#restored(state, id));
        }
        this.#schedule();
      },
      (error: unknown) => {
        this.#delivering = false;
        // One that was replaced meanwhile may be gone.
        if (this.#restoring === id) this.fail(error);
        else this.#schedule();
      },
    );
  }
}

/** @throws EngineConfigError naming the limit, its value and what is allowed. */
function checkLimits(limits: DriverLimits): void {
  for (const [name, value] of Object.entries(limits)) {
    const least = name === 'snapshotEvery' ? 0 : 1;
    if (!Number.isSafeInteger(value) || value < least)
      throw new EngineConfigError(`limit ${name} is ${value}; it must be a whole number from ${least} on`);
  }
}

type Application = Extract<Effect<never, never>, { kind: 'application' }>;
type Outgoing<Message, Durable> = Extract<Effect<Message, Durable>, { kind: 'send' | 'answer' }>;
