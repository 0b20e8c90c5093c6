import type { Clock } from '@biquorum/platform';
import type { ServerMetrics } from '../metrics/server-metrics.ts';

/**
 * Measures how long a member of an ensemble looks for a leader, and how long it serves nobody. Source: Java
 * `QuorumPeer.start_fle`, `unavailableStartTime`.
 */
export class Availability {
  readonly #clock: Clock;
  readonly #metrics: ServerMetrics;
  #lookingSinceMs: number | null = null;
  #unavailableSinceMs: number | null = null;

  constructor(clock: Clock, metrics: ServerMetrics) {
    this.#clock = clock;
    this.#metrics = metrics;
  }

  /** It looks for a leader from now on, if it did not before. */
  looks(): void {
    if (this.#lookingSinceMs !== null) return;
    this.#lookingSinceMs = this.#clock.monotonicMs();
    this.#unavailableSinceMs ??= this.#lookingSinceMs;
    this.#metrics.counters.looking_count.value++;
  }

  /** It knows whom to follow, or that it is to lead. */
  hasFound(): void {
    if (this.#lookingSinceMs === null) return;
    this.#metrics.summaries.election_time.add(this.#sinceMs(this.#lookingSinceMs));
    this.#lookingSinceMs = null;
  }

  /** Clients are served again. */
  serves(asLeader: boolean): void {
    if (this.#unavailableSinceMs === null) return;
    const { unavailable_time, leader_unavailable_time } = this.#metrics.summaries;
    const elapsedMs = this.#sinceMs(this.#unavailableSinceMs);
    this.#unavailableSinceMs = null;
    unavailable_time.add(elapsedMs);
    if (asLeader) leader_unavailable_time.add(elapsedMs);
  }

  #sinceMs(startMs: number): number {
    return Math.round(this.#clock.monotonicMs() - startMs);
  }
}
