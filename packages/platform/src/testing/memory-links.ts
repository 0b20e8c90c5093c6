import { type Prng, Queue } from '@biquorum/std';
import type { VirtualTime } from './virtual-time.ts';

/** How long a packet is on its way. */
export type Latency = (from: string, to: string, prng: Prng) => number;

/** The way from one host to another. */
interface Link {
  cut: boolean;
  latency: Latency | undefined;
  /** Where packets wait for the link to be healed. */
  readonly stalled: Set<Stalled>;
}

/** Something that waits for a link to be healed. */
interface Stalled {
  release(): void;
}

/**
 * The ways between hosts, each direction apart from the other. A link that is cut loses nothing for good: like TCP,
 * which sends again, it delivers late, once it is healed.
 */
export class MemoryLinks {
  readonly time: VirtualTime;
  readonly #prng: Prng;
  readonly #latency: Latency;
  readonly #links = new Map<string, Link>();

  constructor(time: VirtualTime, prng: Prng, latency: Latency) {
    this.time = time;
    this.#prng = prng;
    this.#latency = latency;
  }

  /** Sets how long packets are on this way, from now on; undefined for what is usual. */
  setLatency(from: string, to: string, latency: Latency | undefined): void {
    this.#link(from, to).latency = latency;
  }

  cut(from: string, to: string): void {
    this.#link(from, to).cut = true;
  }

  heal(from: string, to: string): void {
    const link = this.#link(from, to);
    link.cut = false;
    const stalled = [...link.stalled];
    link.stalled.clear();
    for (const channel of stalled) channel.release();
  }

  healAll(): void {
    for (const key of this.#links.keys()) {
      const [from, to] = key.split(SEPARATOR) as [string, string];
      this.heal(from, to);
    }
  }

  isCut(from: string, to: string): boolean {
    return this.#links.get(keyOf(from, to))?.cut ?? false;
  }

  /** For channels. */
  stall(from: string, to: string, channel: Stalled): void {
    this.#link(from, to).stalled.add(channel);
  }

  /** For channels. */
  drawLatencyMs(from: string, to: string): number {
    const latency = this.#links.get(keyOf(from, to))?.latency ?? this.#latency;
    return latency(from, to, this.#prng);
  }

  #link(from: string, to: string): Link {
    const key = keyOf(from, to);
    const link = this.#links.get(key) ?? { cut: false, latency: undefined, stalled: new Set() };
    this.#links.set(key, link);
    return link;
  }
}

/** One direction of a connection: packets arrive in the order in which they were sent. */
export class Channel<Packet> {
  readonly from: string;
  readonly to: string;
  readonly #links: MemoryLinks;
  readonly #deliver: (packet: Packet) => void;
  readonly #packets = new Queue<Packet>();
  #lastArrivalMs = 0;
  #stalled = 0;

  constructor(links: MemoryLinks, from: string, to: string, deliver: (packet: Packet) => void) {
    this.#links = links;
    this.from = from;
    this.to = to;
    this.#deliver = deliver;
  }

  send(packet: Packet): void {
    this.#packets.push(packet);
    this.#schedule();
  }

  /** For the links: the way is free again. */
  release(): void {
    const count = this.#stalled;
    this.#stalled = 0;
    for (let packet = 0; packet < count; packet++) this.#schedule();
  }

  /** Every arrival takes the first packet, whichever it was meant for: so none can overtake another. */
  #schedule(): void {
    const { time } = this.#links;
    const arrivalMs = Math.max(time.nowMs + this.#links.drawLatencyMs(this.from, this.to), this.#lastArrivalMs);
    this.#lastArrivalMs = arrivalMs;
    time.after(Math.max(0, arrivalMs - time.nowMs), () => this.#arrive());
  }

  #arrive(): void {
    if (this.#links.isCut(this.from, this.to)) {
      this.#stalled++;
      this.#links.stall(this.from, this.to, this);
      return;
    }
    this.#deliver(this.#packets.shift() as Packet);
  }
}

const SEPARATOR = '\n';

function keyOf(from: string, to: string): string {
  return from + SEPARATOR + to;
}
