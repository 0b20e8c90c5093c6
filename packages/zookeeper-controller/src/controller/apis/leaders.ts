import { NO_LEADER, type NodeId } from '@biquorum/metadata';
import type { Controller } from '../controller.ts';

/** How often the view is looked at. */
const LOOK_MS = 5;

/** A partition that is to have a leader; this one, or whichever. */
export interface AwaitedLeader {
  readonly topic: string;
  readonly index: number;
  readonly leader?: NodeId;
}

/**
 * Waits until this broker's view shows leaders, so that a client that asks it next finds them.
 *
 * @returns The partitions that have none when the time is over
 *
 * Source: Java `DelayedCreatePartitions`, `DelayedElectLeader`.
 */
export async function untilLed(
  controller: Controller,
  timeoutMs: number,
  partitions: readonly AwaitedLeader[],
): Promise<readonly AwaitedLeader[]> {
  // The first that is missing is looked at again and again; those behind it only after it.
  let from = 0;
  const isLed = ({ topic, index, leader }: AwaitedLeader): boolean => {
    const found = controller.host.view().topics.get(topic)?.leaderOf(index) ?? NO_LEADER;
    return leader === undefined ? found !== NO_LEADER : found === leader;
  };
  await untilSeen(controller, timeoutMs, () => {
    while (from < partitions.length && isLed(partitions[from] as AwaitedLeader)) from += 1;
    return from === partitions.length;
  });
  return partitions.slice(from).filter((one) => !isLed(one));
}

/** Waits until something is so in this broker's view, the time is over or this node stops. */
export async function untilSeen(controller: Controller, timeoutMs: number, isSo: () => boolean): Promise<boolean> {
  if (isSo()) return true;
  const { timers } = controller.host.ports;
  await controller.wait(timeoutMs, (done) => {
    const look = timers.set(LOOK_MS, () => {
      if (isSo()) done();
      else look.reset(LOOK_MS);
    });
    return () => look.cancel();
  });
  return isSo();
}
