import type { BrokerHost, ControlPlane } from '@biquorum/control-plane';
import { planeClaims } from '@biquorum/control-plane/testing';
import { expect, it } from 'vitest';
import { referenceOf } from './support/reference-subject.ts';

it('the reference plane hands over views and assignments in both orders', async () => {
  const claim = planeClaims['views and assignments']?.find(({ title }) => title.startsWith('views and assignments'));
  const orders = { viewFirst: 0, assignmentFirst: 0 };
  for (const seed of [1, 2, 3]) {
    const watched = referenceOf(seed, 20, (plane) => watching(plane, orders));
    await watched.use((subject) => claim?.check(subject) ?? expect.fail('there is no such claim'));
  }
  expect(orders.viewFirst).toBeGreaterThan(10);
  expect(orders.assignmentFirst).toBeGreaterThan(10);
});

/** Counts which of the two tells a broker first of a partition's newest epochs. */
function watching(plane: ControlPlane, orders: { viewFirst: number; assignmentFirst: number }): ControlPlane {
  const watchedHost = (host: BrokerHost): BrokerHost => {
    const seen = new Map<string, number>();
    return {
      identity: host.identity,
      publish: (delta, view) => {
        for (const { name, id, partitions } of delta.topics) {
          for (const index of partitions) {
            seen.set(`${id}-${index}`, view.topics.get(name)?.partition(index)?.partitionEpoch ?? -1);
          }
        }
        host.publish(delta, view);
      },
      assign: (changes) => {
        for (const { topicId, partition, partitionEpoch } of changes) {
          const known = seen.get(`${topicId}-${partition}`) ?? -1;
          orders[known >= partitionEpoch ? 'viewFirst' : 'assignmentFirst'] += 1;
        }
        return host.assign(changes);
      },
      authorize: (...asked) => host.authorize(...asked),
      halt: (reason) => host.halt(reason),
    };
  };
  return new Proxy(plane, {
    get(target, name) {
      if (name === 'open') return (host: BrokerHost, deadlineMs: number) => target.open(watchedHost(host), deadlineMs);
      const value = Reflect.get(target, name, target) as unknown;
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
