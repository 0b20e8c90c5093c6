import {
  decodeController,
  decodeControllerEpoch,
  encodeController,
  encodeControllerEpoch,
  PATHS,
} from '@biquorum/kafka-znodes';
import type { NodeId } from '@biquorum/metadata';
import { MultiError, type WatchHandler, type ZooKeeperClient } from '@biquorum/zookeeper-client';
import { hasCode, unlessMissing, untilAnswered } from '../until-answered.ts';

/** An epoch of office, with the version of `/controller_epoch` that fences its writes. */
export interface Office {
  readonly epoch: number;
  readonly epochZkVersion: number;
}

/** Who is elected. */
export interface Elected {
  readonly brokerId: number;
  /** Tells one term's znode from another's of the same broker. */
  readonly czxid: number;
}

/** Who is elected; null when nobody is. @param watch told once when that changes */
export async function electedController(session: ZooKeeperClient, watch?: WatchHandler): Promise<Elected | null> {
  if (watch !== undefined) {
    const stat = await untilAnswered(session, () => session.exists(PATHS.controller, watch));
    if (stat === undefined) return null;
  }
  const node = await unlessMissing(untilAnswered(session, () => session.getData(PATHS.controller)));
  if (node === undefined) return null;
  return { brokerId: decodeController(node.data).brokerId, czxid: node.stat.czxid };
}

/**
 * Stands for election: takes `/controller` and raises the epoch, both or none.
 *
 * @returns null when another broker won
 *
 * Source: Java `KafkaZkClient.registerControllerAndIncrementControllerEpoch`.
 */
export async function standForElection(session: ZooKeeperClient, id: NodeId, wallMs: number): Promise<Office | null> {
  const { epoch, version } = await epochNow(session);
  const data = encodeController({ brokerId: id, timestampMs: wallMs, kraftControllerEpoch: -1 });
  const next = epoch + 1;
  try {
    // After a lost connection it is asked for again: whoever looks only whether it has been done may look before it is.
    await untilAnswered(session, () =>
      session.multi([
        { op: 'create', path: PATHS.controller, data, options: { mode: 'ephemeral' } },
        { op: 'setData', path: PATHS.controllerEpoch, data: encodeControllerEpoch(next), version },
      ]),
    );
    return { epoch: next, epochZkVersion: version + 1 };
  } catch (error) {
    if (!(error instanceof MultiError)) throw error;
    if (!hasCode(error, 'NodeExists') && !hasCode(error, 'BadVersion')) throw error;
  }
  // Another broker was faster, or it was this one and the answer got lost.
  const elected = await untilAnswered(session, () => unlessMissing(session.getData(PATHS.controller)));
  const now = await epochNow(session);
  const isOurs =
    elected !== undefined &&
    elected.stat.ephemeralOwner === session.sessionId &&
    decodeController(elected.data).brokerId === id &&
    now.epoch === next;
  return isOurs ? { epoch: now.epoch, epochZkVersion: now.version } : null;
}

/** Gives the office back, if it is this term's still. */
export async function stepDown(session: ZooKeeperClient, { epochZkVersion }: Office): Promise<void> {
  try {
    await untilAnswered(session, () =>
      session.multi([
        { op: 'check', path: PATHS.controllerEpoch, version: epochZkVersion },
        { op: 'delete', path: PATHS.controller, version: -1 },
      ]),
    );
  } catch (error) {
    if (!(error instanceof MultiError)) throw error;
  }
}

/** Makes `/controller_epoch` where it is missing. */
async function epochNow(session: ZooKeeperClient): Promise<{ readonly epoch: number; readonly version: number }> {
  for (;;) {
    const node = await unlessMissing(untilAnswered(session, () => session.getData(PATHS.controllerEpoch)));
    if (node !== undefined) return { epoch: decodeControllerEpoch(node.data), version: node.stat.version };
    try {
      await untilAnswered(session, () => session.create(PATHS.controllerEpoch, encodeControllerEpoch(0)));
    } catch (error) {
      if (!hasCode(error, 'NodeExists')) throw error;
    }
  }
}
