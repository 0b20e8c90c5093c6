import type { Prng } from '@biquorum/std';

/**
 * What can befall a simulated cluster. Each seed draws its own set (swarm testing, Groce et al. 2012): a run with few
 * kinds of faults reaches states that a run with all of them never does.
 */
export const CLUSTER_FAMILIES = [
  /** Packets take up to a thousand times as long on some ways for a while. */
  'delay',
  /** Ways between nodes, or between nodes and clients, are cut in both directions. */
  'cut',
  /** The same in one direction. */
  'oneWayCut',
  /** Connections are dropped. */
  'reset',
  /** A process stands still and later goes on as if nothing had happened: zombie brokers and controllers. */
  'pause',
  /** A broker's process dies; its files stay. */
  'killBroker',
  /** A controller's process dies, the active one above all. */
  'killController',
  /** The power of a broker's machine fails while the others are well: what was not synced is lost or torn. */
  'brokerPowerLoss',
  /** The power of controllers' machines fails, of all of them at times. */
  'controllerPowerLoss',
  /** A broker comes back with an empty disk, while the others are well. */
  'wipedDisk',
  /** Brokers stop in order and come back. */
  'controlledShutdown',
  /** Clocks run at different speeds, and wall clocks tell different times. */
  'clockDrift',
  /** Syncs take long. */
  'slowDisk',
  /** Topics come, are written to, and go again; names are used again. */
  'topicChurn',
  /** Topics get more partitions. */
  'partitionGrowth',
  /** Partitions move to other brokers; moves are cancelled or replaced by others. */
  'reassignment',
  /** Settings of topics and brokers change. */
  'configChanges',
  /** Preferred leaders are elected. */
  'elections',
  /** Metadata snapshots are made often, and the metadata log is cut at its start. */
  'snapshots',
  /** Operations of a disk fail for a while; a node that cannot go on stops, and comes back. */
  'diskError',
  /**
   * A server of the ensemble dies, or the power of its machine fails, and at times all of them do; it comes back with
   * all that was acknowledged, and sessions run on from there.
   */
  'ensembleRestart',
  /** One stands still, and when it goes on sessions may be over that were heard of meanwhile. */
  'ensemblePause',
  /** The ensemble ends the session of a broker that knows of nothing. */
  'sessionExpiry',
  /** Somebody removes the znode of the controller's office while the controller is well. */
  'officeRemoved',
  /** A follower and then its leader are lost in the moment in which the follower is about to be in sync again. */
  'lateJoin',
] as const;

/** One of {@link CLUSTER_FAMILIES}. */
export type ClusterFamily = (typeof CLUSTER_FAMILIES)[number];

/** Draws a set from those that a cluster knows: each family with a probability of one half. */
export function drawClusterFamilies(prng: Prng, known: readonly ClusterFamily[]): ReadonlySet<ClusterFamily> {
  return new Set(known.filter(() => prng.chance(0.5)));
}

/** @throws Error when one is not known. */
export function clusterFamiliesOf(names: readonly string[]): ReadonlySet<ClusterFamily> {
  return new Set(
    names.map((name) => {
      const family = CLUSTER_FAMILIES.find((candidate) => candidate === name);
      if (family === undefined) throw new Error(`unknown family ${name}; there are ${CLUSTER_FAMILIES.join(', ')}`);
      return family;
    }),
  );
}
