/** How many connections a server takes on. All of it may change while it runs; those that are there stay. */
export interface ConnectionCounts {
  /** `max.connections`. */
  readonly connectionsMax: number;
  /** `max.connections.per.ip`. */
  readonly connectionsPerHostMax: number;
  /** `max.connections.per.ip.overrides`, by address. */
  readonly connectionsPerHostOverrides?: ReadonlyMap<string, number>;
  /** `listener.name.NAME.max.connections`, by the listener's name. */
  readonly connectionsPerListenerMax?: ReadonlyMap<string, number>;
}

/** May a connection come in? `instead` asks for another one to make room. */
export type Admission =
  | { readonly kind: 'admitted' }
  | { readonly kind: 'instead' }
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * Counts connections and says which are too many.
 *
 * Where there are several listeners, that between brokers is protected: clients cannot fill the broker up until
 * replication finds no room. Source: Java `kafka.network.ConnectionQuotas` (KIP-402, KIP-612).
 */
export class ConnectionQuotas {
  limits: ConnectionCounts;
  readonly #protectedListener: string | undefined;
  readonly #perHost: Map<string, number> = new Map();
  readonly #perListener: Map<string, number> = new Map();
  #total = 0;

  constructor(limits: ConnectionCounts, protectedListener?: string) {
    this.limits = limits;
    this.#protectedListener = protectedListener;
  }

  /** Judges a connection that is not counted yet. */
  judge(listener: string, host: string): Admission {
    const { connectionsMax, connectionsPerHostMax, connectionsPerHostOverrides, connectionsPerListenerMax } =
      this.limits;
    const onListener = this.#perListener.get(listener) ?? 0;
    if (onListener >= (connectionsPerListenerMax?.get(listener) ?? Number.POSITIVE_INFINITY)) {
      const key = `listener.name.${listener.toLowerCase()}.max.connections`;
      return refused(`this listener has ${onListener} connections; raise ${key}`);
    }
    const fromHost = this.#perHost.get(host) ?? 0;
    const override = connectionsPerHostOverrides?.get(host);
    if (fromHost >= (override ?? connectionsPerHostMax)) {
      const key = `max.connections.per.ip${override === undefined ? '' : '.overrides'}`;
      return refused(`this host has ${fromHost} connections; raise ${key}`);
    }
    if (this.#total < connectionsMax) return { kind: 'admitted' };
    if (this.isProtected(listener)) return { kind: 'instead' };
    return refused(`there are ${this.#total} connections; raise max.connections`);
  }

  /** Does this listener get room at the cost of others? */
  isProtected(listener: string): boolean {
    return listener === this.#protectedListener;
  }

  entered(listener: string, host: string): void {
    this.#total += 1;
    add(this.#perHost, host, 1);
    add(this.#perListener, listener, 1);
  }

  left(listener: string, host: string): void {
    this.#total -= 1;
    add(this.#perHost, host, -1);
    add(this.#perListener, listener, -1);
  }
}

function refused(reason: string): Admission {
  return { kind: 'refused', reason };
}

function add(counts: Map<string, number>, key: string, change: number): void {
  const count = (counts.get(key) ?? 0) + change;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
}
