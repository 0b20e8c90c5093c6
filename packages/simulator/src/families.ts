import type { Prng } from '@biquorum/std';

/**
 * What a simulation can do to a cluster. Each seed draws its own set (swarm testing, Groce et al. 2012): a run with few
 * kinds of faults reaches states that a run with all of them never does.
 */
export const FAMILIES = [
  /** Messages take up to a hundred times as long now and then. */
  'delay',
  /** Messages vanish, where the link kind allows it. */
  'loss',
  /** Messages arrive twice, where the link kind allows it. */
  'duplication',
  /** Messages overtake each other, where the link kind allows it. */
  'reordering',
  /** The cluster falls into two parts that do not hear each other; now and then one node still hears both. */
  'cut',
  /** Some hear others who do not hear them. */
  'oneWayCut',
  /** The power of a machine fails: what was not synced is lost or torn. */
  'powerLoss',
  /** A process dies; its files stay. */
  'kill',
  /** All processes restart at once, and those that promise something in the elections after it do so again. */
  'restarts',
  /** A process stands still and later goes on as if nothing had happened. */
  'pause',
  /** Clocks run at different speeds. */
  'clockDrift',
  /** Syncs take long. */
  'slowDisk',
  /** Operations of a disk fail; the node stops and comes back. */
  'diskError',
  /** A bit of what is on a disk flips. */
  'bitFlip',
  /** Voters are added and removed. */
  'voterChanges',
  /** Leadership is handed over. */
  'transfers',
  /** Snapshots are made often, and logs cut at their start. */
  'snapshots',
] as const;

/** One of {@link FAMILIES}. */
export type Family = (typeof FAMILIES)[number];

/** Draws a set: each family with a probability of one half. */
export function drawFamilies(prng: Prng): ReadonlySet<Family> {
  return new Set(FAMILIES.filter(() => prng.chance(0.5)));
}
