import type { Prng } from '@biquorum/std';
import { type Latency, MemoryLinks } from './memory-links.ts';
import { MemoryNic } from './memory-nic.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What a {@link MemoryNetwork} is like. */
export interface MemoryNetworkOptions {
  readonly time: VirtualTime;
  /** Draws latencies, and where streams are cut into pieces. */
  readonly prng: Prng;
  /** How long a packet is on its way. By default 0.1 ms. */
  readonly latency?: Latency;
  /**
   * In which pieces arriving bytes are delivered: `whole`, as they were sent as far as possible, or `random`, so that
   * every boundary between messages is tried. By default `random`.
   */
  readonly pieces?: 'whole' | 'random';
}

/**
 * The network between the hosts of a world, with the faults that a simulator wants: links that are slow, cut in one
 * direction or in both, and healed.
 */
export class MemoryNetwork {
  readonly #options: MemoryNetworkOptions;
  readonly #links: MemoryLinks;
  readonly #nics = new Map<string, MemoryNic>();

  constructor(options: MemoryNetworkOptions) {
    this.#options = options;
    this.#links = new MemoryLinks(options.time, options.prng, options.latency ?? (() => 0.1));
  }

  /** Sets how long packets take from one host to another; undefined for what is usual. One direction only. */
  setLatency(from: string, to: string, latency: Latency | undefined): void {
    this.#links.setLatency(from, to, latency);
  }

  /**
   * Cuts the way from one host to another, in this direction only. What is sent waits for the link to be healed, as TCP
   * would send it again; attempts to connect time out.
   */
  cut(from: string, to: string): void {
    this.#links.cut(from, to);
  }

  /** Heals the way from one host to another, in this direction only. */
  heal(from: string, to: string): void {
    this.#links.heal(from, to);
  }

  /** Cuts all ways between hosts of different groups. Hosts that are in no group keep all their ways. */
  partition(...groups: readonly (readonly string[])[]): void {
    for (const from of groups) {
      for (const to of groups) {
        if (from === to) continue;
        for (const one of from) for (const other of to) this.cut(one, other);
      }
    }
  }

  /** Cuts a host off from all others. */
  isolate(host: string): void {
    this.partition(
      [host],
      [...this.#nics.keys()].filter((other) => other !== host),
    );
  }

  /** Heals every way. */
  healAll(): void {
    this.#links.healAll();
  }

  /** Drops every connection between two hosts, as a restarted firewall does: both ends learn of a reset. */
  reset(one: string, other: string): void {
    this.#nics.get(one)?.reset(other);
    this.#nics.get(other)?.reset(one);
  }

  /** For hosts: the card by which a new host is connected. */
  connect(name: string): MemoryNic {
    const { prng, pieces = 'random' } = this.#options;
    const pieceOf = pieces === 'whole' ? whole : (length: number) => randomPiece(length, prng);
    const nic = new MemoryNic({ name, links: this.#links, find: (other) => this.#nics.get(other), pieceOf });
    this.#nics.set(name, nic);
    return nic;
  }
}

function whole(length: number): number {
  return length;
}

/** Mostly everything, sometimes a few bytes, sometimes any part: all boundaries occur, and big transfers stay cheap. */
function randomPiece(length: number, prng: Prng): number {
  const draw = prng.below(8);
  if (draw === 0) return 1 + prng.below(Math.min(length, 8));
  if (draw < 3) return 1 + prng.below(length);
  return length;
}
