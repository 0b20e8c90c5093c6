import {
  type Connection,
  type ConnectionHandlers,
  type DialOptions,
  type Listener,
  type ListenOptions,
  type Network,
  NetworkError,
  type Ports,
  type WriteDone,
} from '@biquorum/platform';

/**
 * A network from which some ports cannot be reached: what was dialled to them goes silent in both directions, as if
 * packets were lost, and goes on when all is healed, as TCP does.
 *
 * A node cuts what it has dialled itself; that the other side does so too makes a cut whole.
 */
export class CuttableNetwork implements Network {
  readonly #ports: Pick<Ports, 'network' | 'timers'>;
  readonly #links: Set<CuttableLink> = new Set();
  readonly #waiting: Set<() => void> = new Set();
  #cut: ReadonlySet<number> = new Set();

  constructor(ports: Pick<Ports, 'network' | 'timers'>) {
    this.#ports = ports;
  }

  /** From now on exactly these ports are cut off. */
  cut(ports: readonly number[]): void {
    this.#cut = new Set(ports);
    for (const link of this.#links) link.setCut(this.#cut.has(link.remote.port));
    for (const look of [...this.#waiting]) look();
  }

  listen(options: ListenOptions, onConnection: (connection: Connection) => void): Promise<Listener> {
    return this.#ports.network.listen(options, onConnection);
  }

  canonicalHostName(): Promise<string> {
    return this.#ports.network.canonicalHostName();
  }

  async dial(options: DialOptions): Promise<Connection> {
    if (this.#cut.has(options.port)) await this.#healed(options);
    const connection = await this.#ports.network.dial(options);
    const link = new CuttableLink(connection, this.#ports.timers, () => this.#links.delete(link));
    this.#links.add(link);
    link.setCut(this.#cut.has(options.port));
    return link;
  }

  /** @throws NetworkError `timeout`, as when nobody answers */
  #healed({ host, port, timeoutMs }: DialOptions): Promise<void> {
    return new Promise((resolve, reject) => {
      const over = (): void => {
        timer.cancel();
        this.#waiting.delete(look);
      };
      const timer = this.#ports.timers.set(timeoutMs, () => {
        over();
        reject(new NetworkError('timeout', { operation: 'dial', host, port }));
      });
      const look = (): void => {
        if (this.#cut.has(port)) return;
        over();
        resolve();
      };
      this.#waiting.add(look);
    });
  }
}

class CuttableLink implements Connection {
  readonly #connection: Connection;
  readonly #timers: Ports['timers'];
  readonly #forget: () => void;
  #handlers: ConnectionHandlers | undefined;
  #cut = false;
  #muted = false;
  /** What is to be done once the link is healed, in order, and what instead when its owner gives it up before. */
  #held: { readonly act: () => void; readonly given?: () => void }[] = [];
  #heldBytes = 0;
  #wantsDrained = false;
  /** Its owner has been told that it is closed. */
  #over = false;

  constructor(connection: Connection, timers: Ports['timers'], forget: () => void) {
    this.#connection = connection;
    this.#timers = timers;
    this.#forget = forget;
  }

  get local(): Connection['local'] {
    return this.#connection.local;
  }

  get remote(): Connection['remote'] {
    return this.#connection.remote;
  }

  get queuedBytes(): number {
    return this.#connection.queuedBytes + this.#heldBytes;
  }

  setCut(cut: boolean): void {
    if (cut === this.#cut) return;
    this.#cut = cut;
    if (cut) {
      this.#connection.pause();
      return;
    }
    const held = this.#held;
    this.#held = [];
    this.#heldBytes = 0;
    for (const { act } of held) act();
    if (!this.#muted) this.#connection.resume();
    if (this.#wantsDrained && !this.#over) {
      this.#wantsDrained = false;
      this.#handlers?.drained();
    }
  }

  start(handlers: ConnectionHandlers): void {
    this.#handlers = handlers;
    this.#connection.start({
      data: (chunk) => {
        if (!this.#cut) {
          if (!this.#over) handlers.data(chunk);
          return;
        }
        // Was on its way when the link was cut.
        const copy = chunk.slice();
        this.#whenHealed(() => handlers.data(copy));
      },
      end: () => this.#whenHealed(() => handlers.end()),
      drained: () => this.#whenHealed(() => handlers.drained()),
      closed: (error) => {
        if (this.#over) this.#forget();
        this.#whenHealed(() => {
          this.#forget();
          this.#over = true;
          handlers.closed(error);
        });
      },
    });
    if (this.#cut) this.#connection.pause();
  }

  write(chunks: readonly Uint8Array[], done?: WriteDone): boolean {
    if (!this.#cut) return this.#connection.write(chunks, done);
    const kept = [...chunks];
    for (const { length } of kept) this.#heldBytes += length;
    this.#held.push({
      act: () => this.#connection.write(kept, done),
      given: () => done?.(this.#aborted()),
    });
    this.#wantsDrained = true;
    return false;
  }

  pause(): void {
    this.#muted = true;
    this.#connection.pause();
  }

  resume(): void {
    this.#muted = false;
    if (!this.#cut) this.#connection.resume();
  }

  end(): void {
    if (this.#cut) this.#held.push({ act: () => this.#connection.end() });
    else this.#connection.end();
  }

  /** The owner is told at once; the peer learns of it when the link is healed. */
  abort(): void {
    if (!this.#cut || this.#over) {
      this.#connection.abort();
      return;
    }
    this.#over = true;
    const held = this.#held;
    this.#held = [];
    this.#heldBytes = 0;
    this.#timers.soon(() => {
      for (const { given } of held) given?.();
      this.#handlers?.closed(this.#aborted());
    });
    this.#held.push({ act: () => this.#connection.abort() });
  }

  #whenHealed(act: () => void): void {
    const unlessOver = (): void => {
      if (!this.#over) act();
    };
    if (this.#cut) this.#held.push({ act: unlessOver });
    else unlessOver();
  }

  #aborted(): NetworkError {
    return new NetworkError('aborted', { operation: 'write', ...this.remote });
  }
}
