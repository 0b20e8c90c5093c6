import { PlaneError } from '@biquorum/control-plane';
import { decodeClusterId, encodeClusterId, PATHS, PERSISTENT_PATHS } from '@biquorum/kafka-znodes';
import type { NodeId } from '@biquorum/metadata';
import type { Random } from '@biquorum/platform';
import type { ZooKeeperClient } from '@biquorum/zookeeper-client';
import { randomId } from '../topics/random-id.ts';
import { hasCode, unlessMissing, untilAnswered } from '../until-answered.ts';

/** Makes the nodes that everything else lies under. Source: Java `KafkaZkClient.createTopLevelPaths`. */
export async function createPersistentPaths(session: ZooKeeperClient): Promise<void> {
  for (const path of PERSISTENT_PATHS) await untilAnswered(session, () => session.createPath(path));
}

/**
 * The cluster's id; the first broker makes it.
 *
 * @param expected what the broker's directories say; null when they are new
 * @throws PlaneError when the directories belong to another cluster
 */
export async function takeClusterId(
  session: ZooKeeperClient,
  expected: string | null,
  random: Random,
): Promise<string> {
  const id = await readOrCreate(session, random);
  if (expected === null || expected === id) return id;
  throw new PlaneError({
    code: 'cluster-mismatch',
    message: `the log directories belong to cluster ${expected}, ZooKeeper has cluster ${id}; check zookeeper.connect, or give this broker empty directories`,
  });
}

/**
 * A number for a broker that has none: above `reserved.broker.max.id`, never given twice. Source: Java
 * `KafkaZkClient.generateBrokerSequenceId`.
 */
export async function generateBrokerId(session: ZooKeeperClient, reservedMax: number): Promise<NodeId> {
  await untilAnswered(session, () => session.createPath(PATHS.brokerSequenceId));
  const { version } = await untilAnswered(session, () => session.setData(PATHS.brokerSequenceId, new Uint8Array(0)));
  return (reservedMax + version) as NodeId;
}

async function readOrCreate(session: ZooKeeperClient, random: Random): Promise<string> {
  for (;;) {
    const found = await untilAnswered(session, () => unlessMissing(session.getData(PATHS.clusterId)));
    if (found !== undefined) return decodeClusterId(found.data);
    await untilAnswered(session, () => session.createPath(PATHS.cluster));
    try {
      await session.create(PATHS.clusterId, encodeClusterId(randomId(random)));
    } catch (error) {
      if (hasCode(error, 'ConnectionLoss')) await session.untilConnected();
      else if (!hasCode(error, 'NodeExists')) throw error;
    }
  }
}
