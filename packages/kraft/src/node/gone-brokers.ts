import type { BrokerEpoch } from '@biquorum/metadata';
import { type Connection, NetworkError, type Ports } from '@biquorum/platform';
import type { BrokerRegistration } from '../image/registrations.ts';

/** What is needed of the controller. */
export interface GoneBrokersParts {
  readonly ports: Pick<Ports, 'network' | 'telemetry' | 'timers'>;
  /** The brokers by the state that decisions are made on; undefined while this node is not active. */
  readonly brokers: () => Iterable<BrokerRegistration> | undefined;
  /** Ends a broker's session, if it still has this registration. */
  readonly endSession: (id: number, epoch: BrokerEpoch) => void;
}

const DIAL_TIMEOUT_MS = 1_000;
/** A process that ends closes its sockets one after the other: its listener may outlive its connections for a moment. */
const ASK_AGAIN_MS: readonly number[] = [20, 100];

/**
 * Tells brokers whose processes have ended from those that are merely silent, before their sessions end: a broker that
 * lost its connection is called back, and where nobody listens any more it is fenced. To fence a broker that lives is
 * safe: its next heartbeat undoes it, and epochs guard what happens meanwhile. Apache waits for the session's end.
 */
export class GoneBrokers {
  readonly #parts: GoneBrokersParts;
  /** Those that are being called. */
  readonly #called: Set<number> = new Set();

  constructor(parts: GoneBrokersParts) {
    this.#parts = parts;
  }

  /** A connection of this node is over. */
  lost(nodeId: number): void {
    for (const broker of this.#parts.brokers() ?? []) if (broker.id === nodeId) void this.#call(broker);
  }

  /** This node has become active: what was lost before was told to its predecessor. */
  took(): void {
    for (const broker of this.#parts.brokers() ?? []) void this.#call(broker);
  }

  async #call({ id, epoch, endpoints, fenced }: BrokerRegistration): Promise<void> {
    const [endpoint] = endpoints;
    if (fenced || endpoint === undefined || this.#called.has(id)) return;
    this.#called.add(id);
    let listens = await this.#listens(endpoint);
    for (const pauseMs of ASK_AGAIN_MS) {
      if (!listens) break;
      await new Promise<void>((resolve) => void this.#parts.ports.timers.set(pauseMs, resolve));
      listens = await this.#listens(endpoint);
    }
    this.#called.delete(id);
    if (listens) return;
    this.#parts.ports.telemetry.log('info', 'broker is gone: it refuses connections', { id, epoch });
    this.#parts.endSession(id, epoch);
  }

  /** False only where it is certain that nobody does. */
  async #listens({ host, port }: { readonly host: string; readonly port: number }): Promise<boolean> {
    let connection: Connection;
    try {
      connection = await this.#parts.ports.network.dial({ host, port, timeoutMs: DIAL_TIMEOUT_MS });
    } catch (error) {
      return !(error instanceof NetworkError && error.code === 'refused');
    }
    connection.start(NO_HANDLERS);
    connection.abort();
    return true;
  }
}

const NO_HANDLERS = { data: () => {}, end: () => {}, drained: () => {}, closed: () => {} };
