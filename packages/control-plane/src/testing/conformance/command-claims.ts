import { createTopicsRequest, createTopicsResponse } from '@biquorum/kafka-wire/messages/create-topics';
import type { Outcome, ProducerIdBlock } from '../../commands.ts';
import { check, elapse, equal, eventually, within } from './checks.ts';
import { errorOf, type Fleet, fleetClaim, specOf } from './fleet.ts';
import type { Claim } from './kit.ts';

const COULD_BE_THERE_ALREADY: readonly string[] = ['NONE', 'TOPIC_ALREADY_EXISTS'];

/** What becomes of commands when the controller goes away between request and reply. */
export const commandClaims: readonly Claim[] = [
  fleetClaim('an ISR change outlives the controller and takes effect once', 3, async (fleet) => {
    await fleet.createTopic('isr', 1, 3);
    const leader = fleet.leaderOf('isr', 0);
    const { partitionEpoch } = fleet.partition('isr', 0);
    const proposal = fleet.proposal('isr', 0, [leader.id]);
    await throughLoss(fleet, () => leader.plane.alterPartitions([proposal]));
    await fleet.settle();
    const after = fleet.partition('isr', 0);
    equal([after.isr, after.partitionEpoch], [[leader.id], partitionEpoch + 1], 'one change of the ISR');
  }),

  fleetClaim('blocks of producer ids outlive the controller and never overlap', 3, async (fleet) => {
    const blocks: ProducerIdBlock[] = [];
    const take = async (): Promise<void> => {
      const outcomes = await Promise.all(fleet.live.flatMap(({ plane }) => [askIds(plane), askIds(plane)]));
      for (const outcome of outcomes) if (outcome.ok) blocks.push(outcome.value);
    };
    await throughLoss(fleet, take);
    await within(fleet.subject.ports, take(), 'producer ids');
    check(blocks.length >= 6, `only ${blocks.length} blocks`);
    const sorted = blocks.sort((a, b) => a.first - b.first);
    for (const [index, { first, count }] of sorted.entries()) {
      check(count > 0 && first >= 0, `block of ${count} at ${first}`);
      const next = sorted[index + 1];
      check(next === undefined || first + count <= next.first, `blocks at ${first} and ${next?.first} overlap`);
    }
  }),

  fleetClaim('a creation outlives the controller and happens once', 3, async (fleet) => {
    const [{ plane }] = fleet.live as [Fleet['live'][number]];
    const outcomes = await throughLoss(fleet, () => plane.createTopics([specOf('survivor', 2, 2)], null));
    check(
      outcomes.every(({ error }) => COULD_BE_THERE_ALREADY.includes(error)),
      `answer: ${outcomes.map(errorOf)}`,
    );
    await fleet.untilKnown('survivor');
    await fleet.settle();
    equal(idsOf(fleet, 'survivor').length, 1, 'topic ids under one name');
  }),

  fleetClaim("a client's request outlives the controller, or is refused", 3, async (fleet) => {
    const { plane } = fleet.node(2);
    const topic = { name: 'asked', numPartitions: 1, replicationFactor: 3 };
    const body = { topics: [topic], timeoutMs: 60_000 };
    await throughLoss(fleet, () => fleet.ask(plane, createTopicsRequest, createTopicsResponse, body));
    const codes = (response: { topics: readonly { errorCode: number }[] }): number[] =>
      response.topics.map(({ errorCode }) => errorCode);
    const again = await fleet.administer(createTopicsRequest, createTopicsResponse, body, codes);
    check(again !== undefined && [0, 36].includes(codes(again)[0] as number), `answer: ${JSON.stringify(again)}`);
    await fleet.untilKnown('asked');
    await fleet.settle();
    equal(idsOf(fleet, 'asked').length, 1, 'topic ids under one name');
  }),

  fleetClaim('a report of directories outlives the controller', 2, async (fleet) => {
    await fleet.createTopic('placed', 1, 2);
    const { plane, host } = fleet.node(1);
    const topicId = host.view?.topics.get('placed')?.id;
    check(topicId !== undefined, 'nobody sees the topic');
    const directory = host.identity.directories[0]?.id ?? '';
    const placed = new Map([[directory, [{ topic: 'placed', topicId, partition: 0 }]]]);
    await throughLoss(fleet, () => plane.reportDirectories({ failed: [], placed }));
  }),

  fleetClaim('joining outlives the controller', 2, async (fleet) => {
    await fleet.createTopic('before', 2, 2);
    await throughLoss(fleet, () => fleet.join(3));
    await fleet.settle();
    equal(fleet.node(1).host.view?.brokers.get(3)?.fenced, false, 'broker 3 is fenced');
  }),

  fleetClaim('new endpoints outlive the controller', 2, async (fleet) => {
    const { plane, process } = fleet.node(1);
    const endpoints = process.registration.endpoints.map((endpoint) => ({ ...endpoint, port: 19_092 }));
    await throughLoss(fleet, () => plane.enlist({ endpoints }));
    const told = (): boolean => fleet.node(2).host.view?.brokers.get(1)?.endpoints[0]?.port === 19_092;
    await eventually(fleet.subject.ports, told, 'the new endpoint');
  }),

  fleetClaim('handing over outlives the controller', 3, async (fleet) => {
    await fleet.createTopic('moved', 3, 3);
    const leaving = fleet.node(1);
    const left = await throughLoss(fleet, () => fleet.withdraw(leaving, 60_000));
    equal(left, [], 'what is left');
    await fleet.close(leaving);
    await fleet.settle();
  }),

  fleetClaim('a restored controller gives brokers time to be heard again', 3, async (fleet) => {
    await fleet.createTopic('calm', 3, 3);
    const before = [0, 1, 2].map((index) => fleet.partition('calm', index).leaderEpoch);
    fleet.subject.loseController();
    await elapse(fleet.subject.ports, 60_000);
    fleet.subject.restoreController();
    await elapse(fleet.subject.ports, 1_000);
    await fleet.settle();
    equal(
      fleet.live.map(({ host }) => host.halts.length),
      [0, 0, 0],
      'halts',
    );
    if (fleet.subject.traits.expiry === 'fenced') return;
    const after = [0, 1, 2].map((index) => fleet.partition('calm', index).leaderEpoch);
    equal(after, before, 'leader epochs: nobody was silent while there was nobody to listen');
  }),

  fleetClaim('commands in flight when the plane closes are answered with errors', 2, async (fleet) => {
    const { ports } = fleet.subject;
    await fleet.createTopic('open', 1, 2);
    const node = fleet.leaderOf('open', 0);
    const proposal = fleet.proposal('open', 0, [node.id]);
    fleet.subject.loseController();
    const running = Promise.all([
      node.plane.alterPartitions([proposal]),
      node.plane.allocateProducerIds(),
      node.plane.createTopics([specOf('late', 1, 1), specOf('later', 1, 1)], null),
    ]);
    await elapse(ports, 100);
    await fleet.close(node);
    const [isr, ids, topics] = await within(ports, running, 'commands');
    equal([isr.length, isr[0]?.ok, ids.ok], [1, false, false], 'answers');
    equal(
      topics.map(({ name, error }) => [name, error === 'NONE']),
      [
        ['late', false],
        ['later', false],
      ],
      'topics',
    );
    fleet.subject.restoreController();
  }),
];

/** Runs a command while its reply is lost, then the controller for two seconds, at a moment that the seed chooses. */
async function throughLoss<Value>(fleet: Fleet, command: () => Promise<Value>): Promise<Value> {
  const { subject } = fleet;
  const { random } = subject.ports;
  // Of three runs one loses the reply only, one the controller only, one both.
  const kind = random.uint32() % 3;
  if (kind !== 1) subject.loseReplies(1);
  const running = command();
  // Handled below; it may reject before.
  running.catch(() => {});
  if (kind !== 0) {
    await elapse(subject.ports, random.uint32() % 20);
    subject.loseController();
    await elapse(subject.ports, 2_000);
    subject.restoreController();
  }
  return within(subject.ports, running, 'the command');
}

function askIds(plane: Fleet['live'][number]['plane']): Promise<Outcome<ProducerIdBlock>> {
  return plane.allocateProducerIds();
}

/** All ids that live brokers have ever seen under a name. */
function idsOf(fleet: Fleet, name: string): string[] {
  const ids = fleet.live.flatMap(({ host }) => host.views.flatMap((view) => view.topics.get(name)?.id ?? []));
  return [...new Set(ids)];
}
