import { check, elapse, equal, within } from './checks.ts';
import { fleetClaim } from './fleet.ts';
import type { Claim } from './kit.ts';

/** How a broker leaves. */
export const shutdownClaims: readonly Claim[] = [
  fleetClaim('withdraw moves every led partition that has another in-sync replica', 3, async (fleet) => {
    await fleet.createTopic('shared', 6, 3);
    await fleet.createTopic('alone', 6, 1);
    await fleet.createTopic('shrunk', 3, 3);
    const leaving = fleet.leaderOf('shrunk', 0);
    // Others hold this partition too, but none of them is in sync.
    const [outcome] = await leaving.plane.alterPartitions([fleet.proposal('shrunk', 0, [leaving.id])]);
    check(outcome?.ok === true, `refused: ${JSON.stringify(outcome)}`);
    await fleet.settle();
    const stuck = ['alone', 'shrunk'].flatMap((topic) =>
      Array.from({ length: topic === 'alone' ? 6 : 3 }, (_, partition) => ({ topic, partition })).filter(
        ({ partition }) => {
          const { leader, isr } = fleet.partition(topic, partition);
          return leader === leaving.id && isr.length === 1;
        },
      ),
    );
    check(stuck.length >= 2, `only ${stuck.length} partitions to stay`);
    const left = await fleet.withdraw(leaving, 60_000);
    const names = left.map(({ topic, partition }) => `${topic}-${partition}`).sort();
    const keeps = fleet.subject.traits.withdrawn === 'keeps';
    const stay = keeps ? stuck.map(({ topic, partition }) => `${topic}-${partition}`).sort() : [];
    equal(names, stay, 'what is left');
    await fleet.settle();
    for (let index = 0; index < 6; index++) {
      const { leader, isr } = fleet.partition('shared', index);
      check(leader > 0 && leader !== leaving.id && isr.includes(leader), `shared-${index} is led by ${leader}`);
    }
    const stays = keeps ? leaving.id : -1;
    for (const { topic, partition } of stuck) equal(fleet.partition(topic, partition).leader, stays, 'who stays');
    await fleet.close(leaving);
    await fleet.settle();
    for (const { topic, partition } of stuck) equal(fleet.partition(topic, partition).leader, -1, 'who is gone');
    await fleet.join(leaving.id);
    await fleet.settle();
    for (const { topic, partition } of stuck) {
      equal(fleet.partition(topic, partition).leader, leaving.id, 'who is back');
    }
  }),

  fleetClaim('all brokers can withdraw at once, and the last ones keep what nobody can take', 3, async (fleet) => {
    await fleet.createTopic('everywhere', 4, 3);
    const leaving = fleet.live;
    const lefts = await Promise.all(leaving.map((node) => fleet.withdraw(node, 60_000)));
    for (const node of leaving) await fleet.close(node);
    equal(lefts.length, 3, 'answers');
    for (let id = 1; id <= 3; id++) await fleet.join(id);
    await fleet.settle();
    for (let index = 0; index < 4; index++) {
      const { leader, isr } = fleet.partition('everywhere', index);
      check(leader > 0 && isr.includes(leader), `everywhere-${index} is led by ${leader}, ISR ${isr}`);
    }
  }),

  fleetClaim('withdraw ends at its deadline and tells what is still led', 3, async (fleet) => {
    const { ports } = fleet.subject;
    await fleet.createTopic('stranded', 6, 3);
    const leaving = fleet.leaderOf('stranded', 0);
    const led = [...leaving.host.replicas.values()].filter(({ to }) => to === 'lead').length;
    fleet.subject.loseController();
    const startedMs = ports.clock.monotonicMs();
    const left = await fleet.withdraw(leaving, 3_000);
    check(ports.clock.monotonicMs() - startedMs < 30_000, 'withdraw took more than 30 s with a deadline of 3 s');
    equal(left.length, led, 'how many are left');
    fleet.subject.restoreController();
    await fleet.settle();
  }),

  fleetClaim('nothing is called after close, not even with work under way', 3, async (fleet) => {
    const { ports } = fleet.subject;
    const node = fleet.node(2);
    node.host.assignMsMax = 50;
    const burst = Promise.all(Array.from({ length: 10 }, (_, index) => fleet.createTopicOnly(`busy${index}`, 3, 2)));
    await elapse(ports, ports.random.uint32() % 40);
    await fleet.close(node);
    const calls = node.host.calls.length;
    await burst;
    await fleet.settle();
    await elapse(ports, 30_000);
    equal(node.host.calls.length, calls, 'calls after close');
  }),

  fleetClaim('close can be called twice, before open, and while opening', 1, async (fleet) => {
    const { ports } = fleet.subject;
    const node = fleet.node(1);
    await Promise.all([fleet.close(node), fleet.close(node)]);
    await fleet.close(node);
    const unopened = fleet.boot(2);
    await fleet.close(unopened);
    fleet.subject.loseController();
    const opening = fleet.boot(3);
    const opened = fleet.open(opening).then(
      () => 'opened',
      () => 'refused',
    );
    await elapse(ports, 20);
    await fleet.close(opening);
    await within(ports, opened, 'open');
    fleet.subject.restoreController();
    opening.host.stage = 'closed';
    await elapse(ports, 10_000);
  }),
];
