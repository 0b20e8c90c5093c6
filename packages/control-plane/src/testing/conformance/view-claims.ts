import { check, elapse, equal, eventually } from './checks.ts';
import { type Fleet, fleetClaim } from './fleet.ts';
import type { Claim } from './kit.ts';

/** What brokers are told, by views and by assignments. */
export const viewClaims: readonly Claim[] = [
  fleetClaim('epochs in views never go back, and a delta names all that changed', 3, async (fleet) => {
    await churn(fleet);
    // The broker that stayed throughout has seen it all; the laws are looked at with every view.
    const most = Math.max(...fleet.live.map(({ host }) => host.views.length));
    check(most >= 8, `only ${most} views`);
  }),

  fleetClaim('views and assignments come in either order and agree in the end', 3, async (fleet) => {
    for (const { host } of fleet.live) host.assignMsMax = 30;
    await churn(fleet);
    await fleet.settle();
    for (const node of fleet.live) check(fleet.isObeyed(node), `broker ${node.id} holds other replicas than it sees`);
  }),

  fleetClaim('never two assigns are in flight, however slow the broker', 2, async (fleet) => {
    for (const { host } of fleet.live) host.assignMsMax = 400;
    const names = Array.from({ length: 12 }, (_, index) => `burst${index}`);
    await Promise.all(names.map((name) => fleet.createTopicOnly(name, 3, 2)));
    await fleet.settle();
    for (const { host } of fleet.live) equal(host.replicas.size, 36, `replicas of broker ${host.identity.id}`);
  }),

  fleetClaim('outcomes are awaited before progress is reported', 2, async (fleet) => {
    const { subject } = fleet;
    const { host } = fleet.node(2);
    host.hold();
    await fleet.createTopicOnly('slow', 2, 2);
    await eventually(subject.ports, () => host.changes.length === 2, 'an assignment');
    for (let look = 0; look < 20; look++) {
      check(!subject.hasConfirmed(host.identity.id), 'broker 2 counts as caught up while its assignment is held');
      await elapse(subject.ports, 50);
    }
    host.release();
    await eventually(subject.ports, () => subject.hasConfirmed(host.identity.id), 'confirmation');
    await fleet.settle();
  }),

  fleetClaim('a stale leader epoch is an answer: the plane goes on', 2, async (fleet) => {
    const { host } = fleet.node(1);
    host.refuse('refused', 0, 'FENCED_LEADER_EPOCH');
    await fleet.createTopicOnly('refused', 1, 2);
    await eventually(fleet.subject.ports, () => host.changes.length > 0, 'an assignment');
    await fleet.createTopicOnly('next', 1, 2);
    await eventually(fleet.subject.ports, () => host.replicas.has('next-0'), 'the next assignment');
    equal(host.halts, [], 'halts');
  }),

  fleetClaim('a replica starts with the configuration of its topic', 3, async (fleet) => {
    const configs = { 'retention.ms': '86400000', 'cleanup.policy': 'compact' };
    await fleet.createTopic('set', 3, 3, configs);
    const wanted = JSON.stringify(Object.entries(configs).sort());
    const again = fleet.node(3);
    await fleet.close(again);
    await fleet.join(3);
    await fleet.settle();
    for (const { host, id } of fleet.nodes) {
      const changes = host.changes.filter(({ topic }) => topic === 'set');
      check(changes.length >= 3, `broker ${id} has ${changes.length} changes`);
      for (const change of changes) equal([...change.configs].sort(), JSON.parse(wanted), `configs at broker ${id}`);
      if (id !== 3) check(changes[0]?.isNew === true, 'the first change of a new partition is not marked as new');
    }
  }),

  fleetClaim('a dead broker leads no longer, and no leader epoch has two leaders', 3, async (fleet) => {
    await fleet.createTopic('orphans', 6, 3);
    const dead = fleet.leaderOf('orphans', 0);
    fleet.kill(dead);
    const left = (): boolean =>
      Array.from({ length: 6 }, (_, index) => fleet.partition('orphans', index)).every(
        ({ leader, isr }) => leader !== dead.id && leader > 0 && !isr.includes(dead.id),
      );
    await eventually(fleet.subject.ports, left, 'other leaders');
    await fleet.settle();
    await fleet.join(dead.id);
    await fleet.settle();
  }),

  fleetClaim('a view that the broker cannot take stops the broker', 2, async (fleet) => {
    const { host } = fleet.node(2);
    host.publishThrows = new Error('cannot take this view');
    await fleet.createTopicOnly('poison', 1, 1);
    await eventually(fleet.subject.ports, () => host.halts.length > 0, 'halt');
    equal(
      host.halts.map(({ code }) => code),
      ['fault'],
      'codes',
    );
    check(host.halts[0]?.message.includes('cannot take this view') === true, `message: ${host.halts[0]?.message}`);
  }),

  fleetClaim('the announcement is in order, and gives the plane only keys that it lists', 1, async (fleet) => {
    const core = [
      { apiKey: 18, min: 0, max: 4 },
      { apiKey: 3, min: 0, max: 12 },
    ].sort((a, b) => a.apiKey - b.apiKey);
    const { apis, planeKeys } = fleet.node(1).plane.advertise('PLAINTEXT', core);
    const keys = apis.map(({ apiKey }) => apiKey);
    equal(
      keys,
      [...new Set(keys)].sort((a, b) => a - b),
      'keys in ascending order, each once',
    );
    check(
      [...planeKeys].every((key) => keys.includes(key)),
      'a key of the plane is not announced',
    );
    for (const { apiKey, min, max } of apis) check(min <= max, `key ${apiKey}: versions ${min} to ${max}`);
    check(keys.includes(19) && planeKeys.has(19), 'CreateTopics is not served by the plane');
  }),
];

/** Topics that come, leaders that go, brokers that return. */
async function churn(fleet: Fleet): Promise<void> {
  const { ports } = fleet.subject;
  await Promise.all([fleet.createTopicOnly('one', 4, 3), fleet.createTopicOnly('two', 2, 2)]);
  await fleet.settle();
  const leader = fleet.leaderOf('one', 0);
  const shrink = fleet.proposal('one', 0, [leader.id]);
  const [outcome] = await leader.plane.alterPartitions([shrink]);
  check(outcome?.ok === true, `shrinking was answered ${JSON.stringify(outcome)}`);
  const third = fleet.node((leader.id % 3) + 1);
  await fleet.close(third);
  await fleet.createTopicOnly('three', 3, 2);
  await fleet.join(third.id);
  fleet.node((third.id % 3) + 1).process.expire();
  await elapse(ports, 50);
  await fleet.settle();
}
