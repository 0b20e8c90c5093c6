import {
  type Connection,
  type ConnectionHandlers,
  type Network,
  NetworkError,
  type Timers,
  type WriteDone,
} from '@biquorum/platform';
import type { Links } from './links.ts';

/** Bytes that a cut connection takes without asking its owner to wait. */
const HELD_BYTES_WELCOME = 1 << 20;

/**
 * A node's network with links that can be cut, as a switch that dies cuts them: what is sent over a cut link waits, what
 * the other end does is not heard of, and calls are not answered. Once it is healed everything arrives in order, as TCP
 * has it, and so does the end of connections that one side has given up meanwhile; whoever still calls gets through.
 */
export function linkNetwork(network: Network, links: Links, node: number, timers: Timers): Network {
  return {
    async listen(options, onConnection) {
      const listener = await network.listen(options, (connection) =>
        onConnection(new LinkedConnection(connection, links, node, timers)),
      );
      // A port stays its node's while the node is away: a call there is not answered as long as the link is cut.
      links.claim(listener.address.port, node);
      return listener;
    },
    async dial(options) {
      const { host, port, timeoutMs } = options;
      const isCut = (): boolean => {
        const peer = links.intact ? undefined : links.ownerOf(port);
        return peer !== undefined && links.severed(node, peer);
      };
      const untilHealed = (): Promise<void> =>
        new Promise((resolve, reject) => {
          const over = (): void => {
            timer.cancel();
            unwatch();
          };
          const timer = timers.set(timeoutMs, () => {
            over();
            reject(new NetworkError('timeout', { operation: 'dial', host, port }));
          });
          const unwatch = links.watch(() => {
            if (isCut()) return;
            over();
            resolve();
          });
        });
      if (isCut()) await untilHealed();
      const connection = await network.dial(options);
      if (isCut()) {
        discard(connection);
        await untilHealed();
        throw new NetworkError('timeout', { operation: 'dial', host, port });
      }
      links.claim(connection.local.port, node);
      const release = (): void => links.release(connection.local.port, node);
      return new LinkedConnection(connection, links, node, timers, release);
    },
    canonicalHostName: () => network.canonicalHostName(),
  };
}

type Told =
  | { readonly kind: 'data'; readonly chunk: Uint8Array }
  | { readonly kind: 'end' }
  | { readonly kind: 'closed'; readonly error: NetworkError | undefined };

interface HeldWrite {
  readonly chunks: readonly Uint8Array[];
  readonly done: WriteDone | undefined;
}

class LinkedConnection implements Connection {
  readonly #connection: Connection;
  readonly #links: Links;
  readonly #node: number;
  readonly #timers: Timers;
  readonly #release: (() => void) | undefined;
  readonly #unwatch: () => void;
  #peer: number | undefined;
  #handlers: ConnectionHandlers | undefined;
  /** Its owner wants no data. */
  #muted = false;
  #aborted = false;
  #ending = false;
  #closed = false;
  #told: Told[] = [];
  #writes: HeldWrite[] = [];
  #heldBytes = 0;
  #owesDrained = false;
  /** Its owner has given it up, and the peer is to hear of it once the link is healed. */
  #owesAbort = false;

  constructor(connection: Connection, links: Links, node: number, timers: Timers, release?: () => void) {
    this.#connection = connection;
    this.#links = links;
    this.#node = node;
    this.#timers = timers;
    this.#release = release;
    this.#unwatch = links.watch(() => this.#linksChanged());
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

  start(handlers: ConnectionHandlers): void {
    this.#handlers = handlers;
    this.#connection.start({
      data: (chunk) => {
        if (this.#passes) handlers.data(chunk);
        // Bytes are lent for the call only.
        else this.#hold({ kind: 'data', chunk: chunk.slice() });
      },
      end: () => {
        if (this.#passes) handlers.end();
        else this.#hold({ kind: 'end' });
      },
      drained: () => handlers.drained(),
      closed: (error) => {
        if (this.#aborted || this.#passes) this.#close(error);
        else this.#hold({ kind: 'closed', error });
      },
    });
    if (this.#cut) this.#connection.pause();
  }

  write(chunks: readonly Uint8Array[], done?: WriteDone): boolean {
    if (this.#closed || this.#aborted || this.#ending || (this.#writes.length === 0 && !this.#cut)) {
      return this.#connection.write(chunks, done);
    }
    this.#writes.push({ chunks: [...chunks], done });
    for (const { length } of chunks) this.#heldBytes += length;
    if (this.#heldBytes <= HELD_BYTES_WELCOME) return true;
    this.#owesDrained = true;
    return false;
  }

  pause(): void {
    this.#muted = true;
    this.#connection.pause();
  }

  resume(): void {
    this.#muted = false;
    if (this.#cut) return;
    if (this.#told.length === 0) this.#connection.resume();
    else this.#timers.soon(() => this.#linksChanged());
  }

  end(): void {
    if (this.#writes.length === 0 && !this.#cut) this.#connection.end();
    else this.#ending = true;
  }

  abort(): void {
    if (this.#aborted || this.#closed) return;
    this.#aborted = true;
    const ended = this.#told.find((told) => told.kind === 'closed');
    this.#told = [];
    if (this.#links.oneSided && this.#cut && ended === undefined) {
      this.#owesAbort = true;
      const { host, port } = this.#connection.remote;
      this.#timers.soon(() => this.#close(new NetworkError('aborted', { operation: 'write', host, port })));
      return;
    }
    this.#unwatch();
    this.#connection.abort();
    // The end that was held back is the only one there is.
    if (ended !== undefined) this.#timers.soon(() => this.#close(ended.error));
  }

  get #passes(): boolean {
    return this.#told.length === 0 && !this.#cut;
  }

  get #cut(): boolean {
    if (this.#links.intact) return false;
    // Whose port it is may be known only after the connection is there, and no longer when it has been given up.
    this.#peer ??= this.#links.ownerOf(this.#connection.remote.port);
    return this.#peer !== undefined && this.#links.severed(this.#node, this.#peer);
  }

  #hold(told: Told): void {
    this.#told.push(told);
  }

  #linksChanged(): void {
    if (this.#owesAbort && !this.#cut) {
      this.#owesAbort = false;
      this.#unwatch();
      this.#connection.abort();
    }
    if (this.#closed) return;
    if (this.#cut) {
      this.#connection.pause();
      return;
    }
    this.#sendHeld();
    this.#tellHeld();
    if (!this.#muted && !this.#closed && !this.#aborted) this.#connection.resume();
  }

  #sendHeld(): void {
    const writes = this.#writes;
    this.#writes = [];
    this.#heldBytes = 0;
    let welcome = true;
    for (const { chunks, done } of writes) welcome = this.#connection.write(chunks, done);
    if (this.#ending) this.#connection.end();
    this.#ending = false;
    if (this.#owesDrained && welcome) this.#timers.soon(() => this.#handlers?.drained());
    this.#owesDrained = false;
  }

  #tellHeld(): void {
    while (!this.#muted && !this.#aborted && !this.#cut) {
      const told = this.#told.shift();
      if (told === undefined) return;
      if (told.kind === 'data') this.#handlers?.data(told.chunk);
      else if (told.kind === 'end') this.#handlers?.end();
      else this.#close(told.error);
    }
  }

  #close(error: NetworkError | undefined): void {
    if (this.#closed) return;
    this.#closed = true;
    if (!this.#owesAbort) this.#unwatch();
    this.#release?.();
    const { host, port } = this.#connection.remote;
    for (const { done } of this.#writes.splice(0)) {
      done?.(error ?? new NetworkError('closed', { operation: 'write', host, port }));
    }
    this.#handlers?.closed(error);
  }
}

function discard(connection: Connection): void {
  connection.start({ data: () => {}, end: () => {}, drained: () => {}, closed: () => {} });
  connection.abort();
}
