import type { ClusterView } from '@biquorum/metadata';
import type { ZnodeView } from './znode-view.ts';

/** How what a broker sees differs from what the znodes say; null when it does not. */
export function differenceOf(view: ClusterView, znodes: ZnodeView): string | null {
  const controller = view.controllerForClients(() => 0);
  if (controller !== znodes.controller?.brokerId) return `controller ${controller}, not ${znodes.controller?.brokerId}`;
  const brokers = namesOf([...view.brokers.values()].map(({ id }) => String(id)));
  if (brokers !== namesOf([...znodes.brokers.keys()].map(String))) return `brokers ${brokers}`;
  const [topics, decided] = [view, znodes].map((source) =>
    namesOf([...source.topics.values()].map(({ name, id }) => `${name} ${id}`)),
  );
  if (topics !== decided) return `topics ${topics}, not ${decided}`;
  for (const topic of znodes.topics.values()) {
    for (let index = 0; index < topic.partitionCount; index++) {
      const difference = rowDifference(view.topics.get(topic.name)?.partition(index), topic.partition(index));
      if (difference !== null) return `${topic.name}-${index}: ${difference}`;
    }
    const difference = configDifference(view, znodes, { type: 'topic', name: topic.name });
    if (difference !== null) return difference;
  }
  return configDifference(view, znodes, { type: 'broker', name: '' });
}

type Row = NonNullable<ReturnType<NonNullable<ReturnType<ZnodeView['topics']['get']>>['partition']>>;

function rowDifference(seen: Row | undefined, decided: Row | undefined): string | null {
  const [own, other] = [textOf(seen), textOf(decided)];
  return own === other ? null : `${own}, not ${other}`;
}

/** What UpdateMetadata tells: not which replicas come and go. */
function textOf(row: Row | undefined): string {
  if (row === undefined) return 'nothing';
  const { leader, leaderEpoch, partitionEpoch, isr, replicas } = row;
  return `leader ${leader} in ${leaderEpoch}/${partitionEpoch}, isr ${isr} of ${replicas}`;
}

function configDifference(
  view: ClusterView,
  znodes: ZnodeView,
  resource: { readonly type: 'topic' | 'broker'; readonly name: string },
): string | null {
  const [own, other] = [view, znodes].map((source) =>
    namesOf([...source.configOf(resource)].map(([k, v]) => `${k}=${v}`)),
  );
  return own === other ? null : `settings of ${resource.name || 'all brokers'}: ${own}, not ${other}`;
}

function namesOf(names: readonly string[]): string {
  return [...names].sort().join();
}
