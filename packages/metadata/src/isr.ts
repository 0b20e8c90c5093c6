import type { BrokerView } from './brokers.ts';
import { type BrokerEpoch, NO_BROKER_EPOCH, type NodeId } from './ids.ts';

/**
 * May this broker be (or become) a member of an ISR?
 *
 * One rule for both modes: known, not fenced, not shutting down, and the epoch under which it fetched is the registered
 * one. ZooKeeper mode reports brokers as neither fenced nor shutting down and without epochs, so there only "known"
 * decides. Source: KIP-841, KIP-903; Java `Partition.isReplicaIsrEligible`.
 *
 * @param broker the broker as registered, undefined when it is not
 * @param fetchedEpoch the epoch that its fetches carried, −1 when they carried none
 */
export function isIsrEligible(broker: BrokerView | undefined, fetchedEpoch: BrokerEpoch): boolean {
  if (broker === undefined || broker.fenced || broker.shuttingDown) return false;
  return broker.epoch === null || fetchedEpoch === NO_BROKER_EPOCH || broker.epoch === fetchedEpoch;
}

/**
 * The ISR without those who left, in the ISR's order.
 *
 * @param keepLast when all would leave, keep `isr` as it is: the last member is the only one known to hold every
 * acknowledged record, and dropping it would lose that knowledge
 */
export function isrWithout(
  isr: readonly NodeId[],
  leaves: (node: NodeId) => boolean,
  keepLast: boolean,
): readonly NodeId[] {
  const rest = isr.filter((node) => !leaves(node));
  if (rest.length === isr.length) return isr;
  return rest.length === 0 && keepLast ? isr : rest;
}

/** How many in-sync replicas `acks=all` needs: a partition with fewer replicas than asked for is not made unwritable. */
export function effectiveMinIsr(minInsyncReplicas: number, replicaCount: number): number {
  return Math.min(minInsyncReplicas, replicaCount);
}

/**
 * The high watermark that these log ends allow: the smallest end of those who count.
 *
 * @param ends log end offsets of the maximal ISR (proposed members included) and of replicas that are caught up
 * @param current the present high watermark; the answer is never below it
 */
export function highWatermarkOf(ends: Iterable<number>, current: number): number {
  let smallest = Number.POSITIVE_INFINITY;
  for (const end of ends) if (end < smallest) smallest = end;
  return smallest === Number.POSITIVE_INFINITY || smallest < current ? current : smallest;
}
