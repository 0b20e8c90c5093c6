import { type BrokerRegistration, brokerIdPath, decodeBrokerRegistration, PATHS } from '@biquorum/kafka-znodes';
import type { NodeId } from '@biquorum/metadata';
import type { ZooKeeperClient } from '@biquorum/zookeeper-client';
import { unlessMissing, untilAnswered } from '../until-answered.ts';

/** A broker as its znode says. */
export interface RegisteredBroker extends BrokerRegistration {
  readonly id: NodeId;
}

/** All brokers that are registered now, by ascending id. @throws ZnodeError for data that no Kafka writes */
export async function readLiveBrokers(session: ZooKeeperClient): Promise<readonly RegisteredBroker[]> {
  const { children } = await untilAnswered(session, () => session.getChildren(PATHS.brokerIds));
  const ids = children.map(Number).sort((a, b) => a - b);
  const found = await Promise.all(
    ids.map((id) => untilAnswered(session, () => unlessMissing(session.getData(brokerIdPath(id))))),
  );
  return ids.flatMap((id, index) => {
    const node = found[index];
    return node === undefined ? [] : [{ ...decodeBrokerRegistration(node.data), id: id as NodeId }];
  });
}
