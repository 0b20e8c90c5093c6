import type { Clock } from '@biquorum/platform';

/** Where a broker stands in the eyes of the controller, and where its heartbeat takes it. */
export type BrokerControlState = 'fenced' | 'unfenced' | 'controlled-shutdown' | 'shutdown-now';

/** What a broker says in a heartbeat. */
export interface Beat {
  readonly currentMetadataOffset: number;
  readonly wantFence: boolean;
  readonly wantShutDown: boolean;
}

/**
 * Who has been heard of when. Soft state: it is made anew when a controller becomes active, with every session fresh.
 *
 * Source: Java `BrokerHeartbeatManager`.
 */
export class BrokerHeartbeats {
  readonly #clock: Clock;
  readonly #sessionTimeoutMs: number;
  readonly #brokers: Map<number, Heard> = new Map();

  constructor(clock: Clock, sessionTimeoutMs: number) {
    this.#clock = clock;
    this.#sessionTimeoutMs = sessionTimeoutMs;
  }

  /** A broker has registered, anew or again. A new incarnation starts from nothing. */
  register(id: number, fenced: boolean, isNewIncarnation: boolean): void {
    if (isNewIncarnation) this.#brokers.delete(id);
    this.touch(id, fenced, this.#brokers.get(id)?.metadataOffset ?? -1);
  }

  remove(id: number): void {
    this.#brokers.delete(id);
  }

  /** Notes a sign of life and what has been decided on it. */
  touch(id: number, fenced: boolean, metadataOffset: number): void {
    const known = this.#brokers.get(id);
    this.#brokers.set(id, {
      lastContactMs: this.#clock.monotonicMs(),
      metadataOffset,
      fenced,
      // A broker that gets fenced leaves controlled shutdown: its next heartbeat lets it go at once.
      shutdownOffset: fenced ? -1 : (known?.shutdownOffset ?? -1),
    });
  }

  /** The broker lives, though nothing could be decided on what it said. */
  heard(id: number): void {
    const known = this.#brokers.get(id);
    if (known !== undefined) this.#brokers.set(id, { ...known, lastContactMs: this.#clock.monotonicMs() });
  }

  /** The broker will not be heard of again: its session is over, and it is to be fenced like any other. */
  end(id: number): void {
    const known = this.#brokers.get(id);
    if (known !== undefined) this.#brokers.set(id, { ...known, lastContactMs: Number.NEGATIVE_INFINITY });
  }

  /** Its session has ended. */
  fence(id: number): void {
    const known = this.#brokers.get(id);
    if (known !== undefined) this.#brokers.set(id, { ...known, fenced: true, shutdownOffset: -1 });
  }

  /** Has the broker been heard of within the session timeout, and is it not fenced. */
  hasValidSession(id: number): boolean {
    const broker = this.#brokers.get(id);
    return broker !== undefined && !broker.fenced && this.#expiryMs(broker) >= this.#clock.monotonicMs();
  }

  /** Is the broker in controlled shutdown. New replicas are not placed on it. */
  isShuttingDown(id: number): boolean {
    return (this.#brokers.get(id)?.shutdownOffset ?? -1) >= 0;
  }

  /** When the next session ends, on the monotonic clock; infinity when nobody has one. */
  nextExpiryMs(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const broker of this.#brokers.values()) if (!broker.fenced) next = Math.min(next, this.#expiryMs(broker));
    return next;
  }

  /** The broker whose session ended first, or null. One at a time, so that each fencing sees the one before. */
  oneStaleBroker(): number | null {
    let stale: number | null = null;
    let earliest = this.#clock.monotonicMs();
    for (const [id, broker] of this.#brokers) {
      if (broker.fenced || this.#expiryMs(broker) >= earliest) continue;
      earliest = this.#expiryMs(broker);
      stale = id;
    }
    return stale;
  }

  /**
   * The shutdown of a broker was decided at this offset; it may go once all active brokers have read so far. The first
   * offset counts.
   */
  noteShutdownOffset(id: number, offset: number): void {
    const known = this.#brokers.get(id);
    if (known !== undefined && !known.fenced && known.shutdownOffset < 0) {
      this.#brokers.set(id, { ...known, shutdownOffset: offset });
    }
  }

  /** More of its partitions were moved: the others must have read of these, too. */
  moveShutdownOffset(id: number, offset: number): void {
    const known = this.#brokers.get(id);
    if (known !== undefined && known.shutdownOffset >= 0) this.#brokers.set(id, { ...known, shutdownOffset: offset });
  }

  /**
   * Where a heartbeat takes a broker.
   *
   * @param registeredAt offset of its registration's record
   * @param leadsSomething asked only where it matters: the answer costs a walk over all partitions
   */
  next(
    id: number,
    beat: Beat,
    registeredAt: number,
    leadsSomething: () => boolean,
  ): { readonly current: BrokerControlState; readonly next: BrokerControlState } {
    const broker = this.#brokers.get(id);
    if (broker === undefined || (broker.fenced && broker.shutdownOffset < 0)) {
      if (beat.wantShutDown) return { current: 'fenced', next: 'shutdown-now' };
      const comesUp = !beat.wantFence && beat.currentMetadataOffset >= registeredAt;
      return { current: 'fenced', next: comesUp ? 'unfenced' : 'fenced' };
    }
    if (broker.shutdownOffset < 0) {
      const current = 'unfenced';
      if (beat.wantFence) return { current, next: beat.wantShutDown ? 'shutdown-now' : 'fenced' };
      if (!beat.wantShutDown) return { current, next: 'unfenced' };
      return { current, next: leadsSomething() ? 'controlled-shutdown' : 'shutdown-now' };
    }
    const current = 'controlled-shutdown';
    if (leadsSomething()) return { current, next: current };
    return { current, next: broker.shutdownOffset <= this.#lowestActiveOffset() ? 'shutdown-now' : current };
  }

  #lowestActiveOffset(): number {
    let lowest = Number.POSITIVE_INFINITY;
    for (const broker of this.#brokers.values()) {
      if (!broker.fenced && broker.shutdownOffset < 0) lowest = Math.min(lowest, broker.metadataOffset);
    }
    return lowest;
  }

  #expiryMs(broker: Heard): number {
    return broker.lastContactMs + this.#sessionTimeoutMs;
  }
}

interface Heard {
  readonly lastContactMs: number;
  readonly metadataOffset: number;
  readonly fenced: boolean;
  /** −1 while it is not in controlled shutdown. */
  readonly shutdownOffset: number;
}
