import type {
  Connection,
  ConnectionHandlers,
  Disk,
  DiskFile,
  DiskLock,
  Listener,
  Network,
  Ports,
  Timer,
  Timers,
} from '@biquorum/platform';
import { Gate } from './gate.ts';

/** The ports of one node among several in this process, with the switch that stops it. */
export interface GatedPorts {
  readonly ports: Ports;
  /** The node gets no timers, bytes or completions until it is resumed; its sockets stay open. */
  pause(): void;
  resume(): void;
  /**
   * Stops the node at once: sockets are reset, nothing is flushed, nobody is told. What it had in the page cache stays,
   * as it does when a process is killed. Resolves when nothing of it is open.
   */
  kill(): Promise<void>;
}

/**
 * Puts a gate between one node and the ports of its process, so that it can be paused and killed by itself: paused, it
 * gets no timers, bytes or completions while its sockets stay open.
 */
export function gatePorts(ports: Ports): GatedPorts {
  const gate = new Gate();
  const network = new GatedNetwork(ports.network, gate);
  const disk = new GatedDisk(ports.disk, gate);
  const timers = gateTimers(ports.timers, gate);
  const { clock, random, telemetry, workers } = ports;
  return {
    pause() {
      gate.pause();
      network.muteAll();
    },
    resume() {
      gate.resume();
      network.unmuteAll();
    },
    ports: {
      clock,
      random,
      telemetry,
      timers,
      network,
      disk,
      workers: {
        run(job, input, options) {
          gate.check();
          const run = workers.run(job, input, options);
          return { result: gate.pass(run.result), cancel: () => run.cancel() };
        },
      },
    },
    async kill() {
      gate.kill();
      await network.abortAll();
      await disk.closeAll();
    },
  };
}

function gateTimers(timers: Timers, gate: Gate): Timers {
  return {
    set(delayMs, callback): Timer {
      // A timer that fired while the node was paused can still be cancelled or set anew by what the node does first:
      // then that firing is void.
      let armed = 1;
      let settings = 1;
      const timer = timers.set(delayMs, () => {
        const fired = armed;
        gate.enter(() => {
          if (armed === 0 || armed !== fired) return;
          armed = 0;
          callback();
        });
      });
      return {
        get pending() {
          return armed !== 0;
        },
        cancel() {
          armed = 0;
          timer.cancel();
        },
        reset(nextDelayMs) {
          settings += 1;
          armed = settings;
          timer.reset(nextDelayMs);
        },
      };
    },
    soon(callback) {
      timers.soon(() => gate.enter(callback));
    },
  };
}

class GatedNetwork implements Network {
  readonly #network: Network;
  readonly #gate: Gate;
  readonly #connections: Map<Connection, { muted: boolean }> = new Map();
  readonly #listeners: Set<Listener> = new Set();

  constructor(network: Network, gate: Gate) {
    this.#network = network;
    this.#gate = gate;
  }

  async listen(
    options: Parameters<Network['listen']>[0],
    onConnection: (connection: Connection) => void,
  ): Promise<Listener> {
    this.#gate.check();
    const listener = await this.#gate.pass(
      this.#network.listen(options, (connection) => {
        const gated = this.#gated(connection);
        this.#gate.enter(() => onConnection(gated));
      }),
    );
    this.#listeners.add(listener);
    return {
      address: listener.address,
      close: () => {
        this.#listeners.delete(listener);
        return this.#gate.pass(listener.close());
      },
    };
  }

  async dial(options: Parameters<Network['dial']>[0]): Promise<Connection> {
    this.#gate.check();
    const dialled = this.#network.dial(options);
    // Nobody is left who would give it up.
    dialled.then(
      (connection) => {
        if (!this.#gate.killed) return;
        connection.start({ data: () => {}, end: () => {}, drained: () => {}, closed: () => {} });
        connection.abort();
      },
      () => {},
    );
    return this.#gated(await this.#gate.pass(dialled));
  }

  canonicalHostName(): Promise<string> {
    this.#gate.check();
    return this.#gate.pass(this.#network.canonicalHostName());
  }

  async abortAll(): Promise<void> {
    for (const connection of this.#connections.keys()) connection.abort();
    await Promise.all([...this.#listeners].map((listener) => listener.close()));
  }

  /** What arrives while the node is paused waits in the system's buffers, not in ours. */
  muteAll(): void {
    for (const connection of this.#connections.keys()) connection.pause();
  }

  unmuteAll(): void {
    for (const [connection, { muted }] of this.#connections) if (!muted) connection.resume();
  }

  #gated(connection: Connection): Connection {
    const gate = this.#gate;
    const connections = this.#connections;
    const own = { muted: false };
    connections.set(connection, own);
    return {
      local: connection.local,
      remote: connection.remote,
      get queuedBytes() {
        return connection.queuedBytes;
      },
      start(handlers: ConnectionHandlers) {
        connection.start({
          data(chunk) {
            // Bytes are lent for the call only: what has to wait is kept as a copy.
            if (!gate.paused) gate.enter(() => handlers.data(chunk));
            else {
              const copy = chunk.slice();
              gate.enter(() => handlers.data(copy));
            }
          },
          end: () => gate.enter(() => handlers.end()),
          drained: () => gate.enter(() => handlers.drained()),
          closed(error) {
            connections.delete(connection);
            gate.enter(() => handlers.closed(error));
          },
        });
      },
      write(chunks, done) {
        // What was under way when the node was killed may still come to this point: it reaches nobody.
        if (gate.killed) return false;
        return connection.write(chunks, done === undefined ? undefined : (error) => gate.enter(() => done(error)));
      },
      pause() {
        own.muted = true;
        connection.pause();
      },
      resume() {
        own.muted = false;
        if (!gate.paused) connection.resume();
      },
      end: () => connection.end(),
      abort: () => connection.abort(),
    };
  }
}

class GatedDisk implements Disk {
  readonly #disk: Disk;
  readonly #gate: Gate;
  readonly #files: Set<DiskFile> = new Set();
  readonly #locks: Set<DiskLock> = new Set();
  readonly #underWay: Set<Promise<unknown>> = new Set();

  constructor(disk: Disk, gate: Gate) {
    this.#disk = disk;
    this.#gate = gate;
  }

  open(path: string, mode: Parameters<Disk['open']>[1]): DiskFile {
    this.#gate.check();
    const file = this.#disk.open(path, mode);
    this.#files.add(file);
    return this.#gated(file);
  }

  list(path: string): ReturnType<Disk['list']> {
    return this.#later(() => this.#disk.list(path));
  }

  stat(path: string): ReturnType<Disk['stat']> {
    return this.#later(() => this.#disk.stat(path));
  }

  makeDirectory(path: string): Promise<void> {
    return this.#later(() => this.#disk.makeDirectory(path));
  }

  remove(path: string): Promise<void> {
    return this.#later(() => this.#disk.remove(path));
  }

  removeTree(path: string): Promise<void> {
    return this.#later(() => this.#disk.removeTree(path));
  }

  rename(from: string, to: string): Promise<void> {
    return this.#later(() => this.#disk.rename(from, to));
  }

  setModified(path: string, modifiedMs: number): Promise<void> {
    return this.#later(() => this.#disk.setModified(path, modifiedMs));
  }

  syncDirectory(path: string): Promise<void> {
    return this.#later(() => this.#disk.syncDirectory(path));
  }

  replace(path: string, bytes: Uint8Array): Promise<void> {
    return this.#later(() => this.#disk.replace(path, bytes));
  }

  readWhole(path: string, bytesMax: number): Promise<Uint8Array> {
    return this.#later(() => this.#disk.readWhole(path, bytesMax));
  }

  space(path: string): ReturnType<Disk['space']> {
    return this.#later(() => this.#disk.space(path));
  }

  async lock(path: string): Promise<DiskLock> {
    this.#gate.check();
    const lock = await this.#disk.lock(path);
    // A lock that is granted to a dead node must not outlive it.
    if (this.#gate.killed) await lock.release();
    else this.#locks.add(lock);
    await this.#gate.pass(Promise.resolve());
    return {
      release: () => {
        this.#locks.delete(lock);
        return this.#gate.pass(lock.release());
      },
    };
  }

  async closeAll(): Promise<void> {
    const files = [...this.#files].map((file) => file.close());
    await Promise.all([...files, ...[...this.#locks].map((lock) => lock.release())]);
    this.#files.clear();
    this.#locks.clear();
    // What was asked of the system before the end must not happen after somebody else has the directory.
    await Promise.allSettled(this.#underWay);
  }

  #later<T>(operation: () => Promise<T>): Promise<T> {
    this.#gate.check();
    const running = operation();
    this.#underWay.add(running);
    const ended = (): void => void this.#underWay.delete(running);
    running.then(ended, ended);
    return this.#gate.pass(running);
  }

  #gated(file: DiskFile): DiskFile {
    const gate = this.#gate;
    const files = this.#files;
    const checked = (): DiskFile => {
      gate.check();
      return file;
    };
    return {
      path: file.path,
      size: () => checked().size(),
      write: (position, chunks) => checked().write(position, chunks),
      readSync: (position, into) => checked().readSync(position, into),
      read: (position, into) => gate.pass(checked().read(position, into)),
      sync: () => gate.pass(checked().sync()),
      truncate: (size) => gate.pass(checked().truncate(size)),
      allocate: (size) => gate.pass(checked().allocate(size)),
      close() {
        files.delete(file);
        return gate.pass(file.close());
      },
    };
  }
}
