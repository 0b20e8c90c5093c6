import { assert, Prng, type Seed } from '@biquorum/std';
import { MemoryHost, type MemoryHostOptions } from './memory-host.ts';
import type { Latency } from './memory-links.ts';
import { MemoryNetwork } from './memory-network.ts';
import { type RunOptions, VirtualTime } from './virtual-time.ts';

/** What a {@link MemoryWorld} is like. */
export interface MemoryWorldOptions {
  /** Everything that is left to chance comes from it: the same seed gives the same run, bit for bit. */
  readonly seed: Seed;
  /** In which order things happen that are due at the same moment: as they were `set`, or at `random`. By default `random`. */
  readonly ties?: 'set' | 'random';
  /** How long packets are on their way. By default 0.1 ms. */
  readonly latency?: Latency;
  /** In which pieces bytes arrive. By default `random`. */
  readonly pieces?: 'whole' | 'random';
}

/** Hosts, a network between them and one time for all: a whole distributed system in memory, from one seed. */
export class MemoryWorld {
  readonly time: VirtualTime;
  readonly network: MemoryNetwork;
  readonly #prng: Prng;
  readonly #hosts = new Map<string, MemoryHost>();

  constructor(options: MemoryWorldOptions) {
    const { seed, ties = 'random', latency, pieces } = options;
    this.#prng = new Prng(seed);
    this.time = new VirtualTime(ties === 'random' ? { ties: this.#prng.fork('ties') } : {});
    this.network = new MemoryNetwork({
      time: this.time,
      prng: this.#prng.fork('network'),
      ...(latency === undefined ? {} : { latency }),
      ...(pieces === undefined ? {} : { pieces }),
    });
  }

  /** Adds a host, with its process started. @throws AssertionError when there is one of that name. */
  addHost(name: string, options: MemoryHostOptions = {}): MemoryHost {
    assert(!this.#hosts.has(name), () => `host ${name} exists already; choose another name`);
    const prng = this.#prng.fork(`host ${name}`);
    const host = new MemoryHost(name, { time: this.time, prng, nic: this.network.connect(name) }, options);
    this.#hosts.set(name, host);
    return host;
  }

  /** The host of that name. @throws AssertionError when there is none. */
  host(name: string): MemoryHost {
    const host = this.#hosts.get(name);
    assert(host, () => `there is no host ${name}; add it first`);
    return host;
  }

  /** All hosts, in the order in which they were added. */
  get hosts(): MemoryHost[] {
    return [...this.#hosts.values()];
  }

  /** Lets time run until `work` has ended. @throws As {@link VirtualTime.run} does. */
  run<Result>(work: Promise<Result> | (() => Promise<Result>), options?: RunOptions): Promise<Result> {
    return this.time.run(work, options);
  }
}
