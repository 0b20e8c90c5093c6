import { type BrokerEpoch, NO_BROKER_EPOCH, type NodeId } from '@biquorum/metadata';
import type { Partition } from './context.ts';
import type { Core } from './core.ts';
import { Refused } from './faults.ts';

/**
 * Takes leaderships and places in ISRs from a broker that is about to stop.
 *
 * @returns The partitions with several replicas that it still leads
 * @throws Refused STALE_BROKER_EPOCH, BROKER_NOT_AVAILABLE
 *
 * Source: Java `KafkaController.doControlledShutdown`.
 */
export async function shutDown(core: Core, id: NodeId, epoch: BrokerEpoch): Promise<Partition[]> {
  const { context } = core;
  const broker = context.brokers.get(id);
  if (broker === undefined) throw new Refused('BROKER_NOT_AVAILABLE', `Broker id ${id} does not exist.`);
  if (epoch !== NO_BROKER_EPOCH && epoch < broker.epoch) {
    throw new Refused('STALE_BROKER_EPOCH', `broker ${id} has epoch ${broker.epoch} by now, not ${epoch}`);
  }
  context.shuttingDown.add(id);
  const moved: Partition[] = [];
  const followed: Partition[] = [];
  for (const partition of context.partitionsOn(id)) {
    const { leadership, assignment } = partition;
    if (assignment.replicas.length < 2 || leadership === null || context.isDoomed(partition)) continue;
    (leadership.leader === id ? moved : followed).push(partition);
  }
  await core.partitions.online(moved, { kind: 'controlled-shutdown' });
  const batch = core.newBatch();
  for (const partition of followed) batch.stopReplica(id, partition, false);
  batch.send();
  await core.replicas.change(
    followed.map((partition) => ({ partition, id })),
    'Offline',
  );
  return context
    .partitionsOn(id)
    .filter(({ leadership, assignment }) => leadership?.leader === id && assignment.replicas.length > 1);
}
