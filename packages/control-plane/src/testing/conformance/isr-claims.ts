import type { LeaderEpoch, NodeId, PartitionEpoch } from '@biquorum/metadata';
import type { IsrOutcome } from '../../commands.ts';
import { check, equal, eventually, within } from './checks.ts';
import { fleetClaim } from './fleet.ts';
import type { Claim } from './kit.ts';

/** What becomes of proposed ISRs (KIP-497, KIP-841, KIP-903). */
export const isrClaims: readonly Claim[] = [
  fleetClaim('an accepted ISR is answered as committed, and all views follow', 3, async (fleet) => {
    await fleet.createTopic('isr', 1, 3);
    const leader = fleet.leaderOf('isr', 0);
    const before = fleet.partition('isr', 0);
    const [other] = before.replicas.filter((node) => node !== leader.id);
    for (const isr of [[leader.id, other as NodeId], [leader.id], [...before.replicas]]) {
      const { partitionEpoch, leaderEpoch } = fleet.partition('isr', 0);
      const proposal = fleet.proposal('isr', 0, isr);
      const [outcome] = await within(fleet.subject.ports, leader.plane.alterPartitions([proposal]), 'alterPartitions');
      check(outcome?.ok === true, `refused: ${JSON.stringify(outcome)}`);
      equal(
        [outcome.leader, outcome.leaderEpoch, [...outcome.isr].sort()],
        [leader.id, leaderEpoch, [...isr].sort()],
        'answer',
      );
      check(
        outcome.partitionEpoch > partitionEpoch,
        `partition epoch ${outcome.partitionEpoch} after ${partitionEpoch}`,
      );
      await eventually(
        fleet.subject.ports,
        () => fleet.partition('isr', 0).partitionEpoch === outcome.partitionEpoch,
        'a view of it',
      );
      await fleet.settle();
      equal([...fleet.partition('isr', 0).isr].sort(), [...isr].sort(), 'ISR in views');
    }
  }),

  fleetClaim(
    'stale epochs and strangers are refused by name, each partition by itself and in order',
    3,
    async (fleet) => {
      const { ports } = fleet.subject;
      await fleet.createTopic('refusals', 1, 3);
      await fleet.createTopic('fine', 1, 3);
      // One broker must lead both: those that lead `fine` otherwise propose it alone.
      const leader = fleet.leaderOf('refusals', 0);
      const ask = async (change: Parameters<typeof leader.plane.alterPartitions>[0]): Promise<readonly IsrOutcome[]> =>
        within(ports, leader.plane.alterPartitions(change), 'alterPartitions');
      const first = fleet.proposal('refusals', 0, [leader.id]);
      const [done] = await ask([first]);
      check(done?.ok === true, `refused: ${JSON.stringify(done)}`);
      await fleet.settle();

      const all = fleet.partition('refusals', 0).replicas;
      const good = fleet.proposal('refusals', 0, all);
      const unknown = { ...good, partition: { ...good.partition, topicId: 'AAAAAAAAAAAAAAAAAAAAAQ' } };
      const staleVersion = { ...good, partitionEpoch: first.partitionEpoch as PartitionEpoch };
      const [unknownAnswer, staleAnswer] = await ask([unknown as typeof good, staleVersion]);
      equal([codeOf(unknownAnswer), codeOf(staleAnswer)], ['UNKNOWN_TOPIC_ID', 'INVALID_UPDATE_VERSION'], 'answers');
      const [accepted] = await ask([good]);
      check(accepted?.ok === true, `refused: ${JSON.stringify(accepted)}`);
      await fleet.settle();
    },
  ),

  fleetClaim('a stale leader epoch is fenced', 3, async (fleet) => {
    const { ports } = fleet.subject;
    await fleet.createTopic('epochs', 1, 3);
    const old = fleet.leaderOf('epochs', 0);
    const stale = fleet.proposal('epochs', 0, [old.id]);
    old.process.expire();
    await eventually(ports, () => fleet.partition('epochs', 0).leader !== old.id, 'another leader');
    await fleet.settle();
    const before = fleet.partition('epochs', 0);
    check(before.leaderEpoch > (stale.leaderEpoch as LeaderEpoch), 'the leader epoch was not raised');
    const [outcome] = await within(ports, old.plane.alterPartitions([stale]), 'alterPartitions');
    equal(codeOf(outcome), 'FENCED_LEADER_EPOCH', 'answer');
    await fleet.settle();
    equal(fleet.partition('epochs', 0).isr.includes(before.leader), true, 'the leader is in the ISR');
  }),

  fleetClaim('a broker that is gone, or was another one when it fetched, gets into no ISR', 3, async (fleet) => {
    const { ports } = fleet.subject;
    await fleet.createTopic('members', 1, 3);
    const leader = fleet.leaderOf('members', 0);
    const member = fleet.node((leader.id % 3) + 1);
    const whole = fleet.proposal('members', 0, fleet.partition('members', 0).replicas);
    fleet.kill(member);
    const shrunk = (): boolean => !fleet.partition('members', 0).isr.includes(member.id);
    await eventually(ports, shrunk, 'an ISR without the dead');
    await fleet.settle();
    const { leaderEpoch, partitionEpoch } = fleet.partition('members', 0);
    const withDead = { ...whole, leaderEpoch, partitionEpoch };
    const [dead] = await within(ports, leader.plane.alterPartitions([withDead]), 'alterPartitions');
    equal(codeOf(dead), 'INELIGIBLE_REPLICA', 'answer for a dead broker');

    await fleet.join(member.id);
    await fleet.settle();
    const told = leader.host.view?.brokers.get(member.id)?.epoch;
    if (told === null) return;
    const now = fleet.partition('members', 0);
    const withOldEpoch = { ...whole, leaderEpoch: now.leaderEpoch, partitionEpoch: now.partitionEpoch };
    const [restarted] = await within(ports, leader.plane.alterPartitions([withOldEpoch]), 'alterPartitions');
    equal(codeOf(restarted), 'INELIGIBLE_REPLICA', 'answer for a broker that has restarted since');
  }),

  fleetClaim('an ISR change whose reply is lost is asked again and takes effect once', 3, async (fleet) => {
    const { subject } = fleet;
    await fleet.createTopic('lost', 1, 3);
    const leader = fleet.leaderOf('lost', 0);
    const before = fleet.partition('lost', 0);
    const proposal = fleet.proposal('lost', 0, [leader.id]);
    subject.loseReplies(1);
    const [outcome] = await within(subject.ports, leader.plane.alterPartitions([proposal]), 'alterPartitions');
    await fleet.settle();
    const after = fleet.partition('lost', 0);
    equal([after.isr, after.partitionEpoch], [[leader.id], before.partitionEpoch + 1], 'one change of the ISR');
    // Either mode's answer to the second try: it stands so already, or the epoch is old by now.
    const answer = outcome?.ok ? `ok at ${outcome.partitionEpoch}` : codeOf(outcome);
    check([`ok at ${after.partitionEpoch}`, 'INVALID_UPDATE_VERSION'].includes(answer), `answer: ${answer}`);
  }),
];

function codeOf(outcome: IsrOutcome | undefined): string {
  if (outcome === undefined) return 'no answer';
  return outcome.ok ? 'accepted' : outcome.error;
}
