import type { Prng } from '@biquorum/std';
import type { DataTree } from '@biquorum/zookeeper';

/** How brokers' ensemble is simulated: what stands at the hosts to which they connect. */
export interface SimulatedEnsemble {
  /** What is decided by now. */
  readonly tree: DataTree;
  /** Who is in it dies. @returns how it comes back; null when nobody is there to die */
  kill(prng: Prng): (() => void) | null;
  /** Who is in it stands still. @returns how it goes on; null when nobody is there */
  pause(prng: Prng): (() => void) | null;
  /** Ends a session, as if nothing had been heard of it. */
  expireOne(prng: Prng): void;
  /** Removes a znode of the cluster, as an operator does. */
  remove(path: string): void;
}
