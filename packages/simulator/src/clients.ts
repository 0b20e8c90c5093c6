import type { Outcome, Token } from '@biquorum/consensus';
import type { VirtualTime } from '@biquorum/platform/testing';
import type { Prng } from '@biquorum/std';
import { HistoryRecorder } from './history.ts';
import type { SimulatedNode } from './node.ts';
import type { RegisterInput, RegisterOutput } from './register.ts';
import { encodeCommand } from './store.ts';

const CLIENTS = 5;
const KEYS = 3;
/** A client gives a call up after between one and two times this. */
const PATIENCE_MS = 120;
const PROBE_MS = 400;

/** A call that waits for its answer. */
interface Call<Message, Durable> {
  readonly client: number;
  readonly history: number;
  readonly input: RegisterInput;
  readonly node: SimulatedNode<Message, Durable>;
  readonly incarnation: number;
  /** Index that the node's machine must have applied before the answer is known; −1 until that is known. */
  applyTo: number;
  over: boolean;
}

/** Clients that read, write and swap, one call at a time each, at whichever node they think leads. */
export class Clients<Message, Durable> {
  readonly history: HistoryRecorder<RegisterInput, RegisterOutput> = new HistoryRecorder();
  readonly #time: VirtualTime;
  readonly #nodes: readonly SimulatedNode<Message, Durable>[];
  readonly #prng: Prng;
  /** By node and token. */
  readonly #calls: Map<string, Call<Message, Durable>> = new Map();
  /** Calls whose answer waits for the machine. */
  #applying: Call<Message, Durable>[] = [];
  #nextValue = 1;
  #running = false;
  #guess = 0;
  /** Each lost call ends its client; another one takes its place. */
  #nextClient = CLIENTS;
  #probe: {
    token: Token;
    node: SimulatedNode<Message, Durable>;
    incarnation: number;
    end: number;
    untilMs: number;
  } | null = null;

  constructor(time: VirtualTime, nodes: readonly SimulatedNode<Message, Durable>[], prng: Prng) {
    this.#time = time;
    this.#nodes = nodes;
    this.#prng = prng;
  }

  start(): void {
    this.#running = true;
    for (let client = 0; client < CLIENTS; client++) this.#later(client);
  }

  /** No new calls. */
  stop(): void {
    this.#running = false;
  }

  settled(node: SimulatedNode<Message, Durable>, token: Token, outcome: Outcome): void {
    const probe = this.#probe;
    if (probe !== null && probe.node === node && probe.token === token) {
      if (outcome.kind === 'committed') probe.end = outcome.at.index + 1;
      else this.#probe = null;
      return;
    }
    const name = `${node.id}/${token}`;
    const call = this.#calls.get(name);
    if (call === undefined || call.incarnation !== node.incarnation) return;
    this.#calls.delete(name);
    if (outcome.kind === 'refused') {
      this.history.drop(call.history);
      if (outcome.leader >= 0) this.#guess = outcome.leader;
      else if (this.#guess === node.id) this.#guess = this.#prng.below(this.#nodes.length);
      this.#finish(call);
    } else if (outcome.kind === 'committed') {
      call.applyTo = outcome.at.index + 1;
      this.#applying.push(call);
    } else if (outcome.kind === 'readable') {
      call.applyTo = outcome.index;
      this.#applying.push(call);
      // The machine may be there already; nothing else would tell.
      this.applied(node);
    } else {
      this.#lost(call);
    }
  }

  /** A node's machine has moved: answers may be known. */
  applied(node: SimulatedNode<Message, Durable>): void {
    if (this.#applying.length === 0) return;
    const waiting = this.#applying;
    this.#applying = [];
    for (const call of waiting) {
      if (call.over) continue;
      const { store, driver } = node;
      if (call.node !== node || store === null || driver === null || driver.applied < call.applyTo)
        this.#applying.push(call);
      else this.#answer(call, store);
    }
  }

  /**
   * Whether a write made after healing is in every machine. Makes such a write, again and again until one is
   * acknowledged.
   */
  probe(target: { index: number }, deliveredEnd: number): boolean {
    if (target.index < 0) {
      this.#tryProbe(target);
      return false;
    }
    return this.#nodes.every(
      ({ broken, driver }) => broken || (driver?.applied ?? -1) >= Math.max(target.index, deliveredEnd),
    );
  }

  #tryProbe(target: { index: number }): void {
    const probe = this.#probe;
    if (probe !== null) {
      if (probe.end >= 0) target.index = probe.end;
      else if (probe.incarnation !== probe.node.incarnation || this.#time.nowMs > probe.untilMs) this.#probe = null;
      return;
    }
    const node = this.#nodes.find(({ driver }) => driver?.view().leading);
    if (node?.driver == null) return;
    const payload = encodeCommand({ call: 0xffff_ffff, input: { kind: 'write', key: 0xffff, value: 1 } }, 0);
    const token = node.driver.propose({ span: 1, bytesMax: payload.length, build: () => payload });
    this.#probe = { token, node, incarnation: node.incarnation, end: -1, untilMs: this.#time.nowMs + PROBE_MS };
  }

  #later(client: number): void {
    this.#time.after(1 + this.#prng.below(60), () => {
      if (this.#running) this.#call(client);
    });
  }

  #call(client: number): void {
    const prng = this.#prng;
    const id = this.#whom();
    const node = this.#nodes[id] as SimulatedNode<Message, Durable>;
    const { driver } = node;
    if (driver === null || node.paused) {
      if (id === this.#guess) this.#guess = prng.below(this.#nodes.length);
      this.#later(client);
      return;
    }
    const input = this.#input();
    const history = this.history.call(client, input);
    const call: Call<Message, Durable> = {
      client,
      history,
      input,
      node,
      incarnation: node.incarnation,
      applyTo: -1,
      over: false,
    };
    let token: Token;
    if (input.kind === 'read') token = driver.read();
    else {
      const payload = encodeCommand({ call: history, input }, prng.below(40));
      token = driver.propose({ span: 1 + prng.below(3), bytesMax: payload.length, build: () => payload });
    }
    this.#calls.set(`${node.id}/${token}`, call);
    this.#time.after(PATIENCE_MS + prng.below(PATIENCE_MS), () => {
      if (!call.over) this.#lost(call);
    });
  }

  /**
   * Mostly where the leader was seen last; sometimes at whoever believes to lead, sometimes anywhere: a leader of the
   * past must not get anything through.
   */
  #whom(): number {
    const prng = this.#prng;
    const draw = prng.below(10);
    if (draw < 6) return this.#guess;
    const leaders = draw < 9 ? this.#nodes.filter(({ driver }) => driver?.view().leading) : [];
    return leaders.length > 0 ? prng.pick(leaders).id : prng.below(this.#nodes.length);
  }

  #input(): RegisterInput {
    const prng = this.#prng;
    const key = prng.below(KEYS);
    const draw = prng.below(10);
    if (draw < 5) return { kind: 'read', key };
    const value = this.#nextValue++;
    if (draw < 9) return { kind: 'write', key, value };
    return { kind: 'swap', key, expected: prng.below(value), value };
  }

  #answer(call: Call<Message, Durable>, store: NonNullable<SimulatedNode<Message, Durable>['store']>): void {
    const { input } = call;
    if (input.kind === 'read') this.history.answer(call.history, store.value(input.key));
    else if (input.kind === 'write') this.history.answer(call.history, 1);
    else {
      const swapped = store.swapped(call.history);
      // The result came with a snapshot: it happened, but how it ended is not known.
      if (swapped === undefined) {
        this.#lost(call);
        return;
      }
      this.history.answer(call.history, swapped ? 1 : 0);
    }
    this.#guess = call.node.id;
    this.#finish(call);
  }

  #lost(call: Call<Message, Durable>): void {
    if (call.input.kind === 'read') this.history.drop(call.history);
    call.over = true;
    this.#guess = this.#prng.below(this.#nodes.length);
    this.#later(this.#nextClient++);
  }

  #finish(call: Call<Message, Durable>): void {
    if (call.over) return;
    call.over = true;
    this.#later(call.client);
  }
}
