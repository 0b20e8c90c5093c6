import type { Clock } from '@biquorum/platform';
import type { MemoryHost, MemoryHostOptions, MemoryWorld } from '@biquorum/platform/testing';
import type { Prng } from '@biquorum/std';
import { ClientListener, type DataTree, StandaloneServer } from '@biquorum/zookeeper';
import { type LoggedTxn, OpCode } from '@biquorum/zookeeper-wire';
import { CHROOT, CLIENT_PORT } from './plan-zookeeper.ts';
import type { SimulatedEnsemble } from './simulated-ensemble.ts';

/** Sessions last at least two of them. */
const TICK_MS = 500;

/**
 * The ZooKeeper of a simulated cluster: a server on a host of its own, whose transactions outlive its process as if each
 * had been synced before it was answered.
 */
export class LoneServer implements SimulatedEnsemble {
  readonly #server: StandaloneServer;
  readonly #host: MemoryHost;
  readonly #sessions: Set<bigint> = new Set();

  /** @param onTxn told of each transaction after it was applied */
  constructor(world: MemoryWorld, name: string, machine: MemoryHostOptions, onTxn: (txn: LoggedTxn) => void) {
    const host = world.addHost(name, machine);
    this.#host = host;
    // Monotonic over restarts, as sessions are tracked on by the next process.
    const { clockRate = 1 } = machine;
    const clock: Clock = {
      wallMs: () => host.ports.clock.wallMs(),
      monotonicMs: () => world.time.nowMs * clockRate,
    };
    this.#server = new StandaloneServer({ clock, tickMs: TICK_MS });
    const { server } = this.#server;
    const apply = server.apply.bind(server);
    server.apply = (txn: LoggedTxn): void => {
      apply(txn);
      const { type } = txn.body;
      if (type === OpCode.createSession) this.#sessions.add(txn.header.clientId);
      if (type === OpCode.closeSession) this.#sessions.delete(txn.header.clientId);
      onTxn(txn);
    };
    this.#serve();
  }

  get tree(): DataTree {
    return this.#server.tree;
  }

  /** Its process ends: connections and watches are gone, sessions are not. */
  kill(): (() => void) | null {
    if (!this.#host.running) return null;
    this.#host.kill();
    const { server } = this.#server;
    for (const connection of [...server.connections]) server.closed(connection);
    return () => this.#start();
  }

  pause(): (() => void) | null {
    if (!this.#host.running) return null;
    this.#host.pause();
    return () => this.#host.resume();
  }

  expireOne(prng: Prng): void {
    if (this.#host.running && this.#sessions.size > 0) this.#server.expire(prng.pick([...this.#sessions]));
  }

  remove(path: string): void {
    if (!this.#host.running) return;
    const request = { path: `${CHROOT}${path}`, version: -1 };
    this.#server.submit({
      sessionId: 0n,
      cxid: 0,
      request: { type: OpCode.delete, request },
      ids: [],
      owner: null,
    });
  }

  /** Starts the process again: each session has its whole time from now on, as a new leader gives it. */
  #start(): void {
    this.#host.start();
    for (const sessionId of this.#sessions) this.#server.touch(sessionId);
    this.#serve();
  }

  #serve(): void {
    const { network, timers } = this.#host.ports;
    const at = { host: this.#host.name, port: CLIENT_PORT, connectionsPerHostMax: 0 };
    const listener = new ClientListener(this.#server.server, at);
    const tick = (): void => {
      this.#server.tick();
      timers.set(TICK_MS / 2, tick);
    };
    // Nothing stands in the way of a port in memory: what is thrown ends the run.
    void listener.open(network).then(tick);
  }
}
