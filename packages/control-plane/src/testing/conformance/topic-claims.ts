import { deleteTopicsRequest, deleteTopicsResponse } from '@biquorum/kafka-wire/messages/delete-topics';
import type { TopicId } from '@biquorum/metadata';
import { check, elapse, equal, eventually } from './checks.ts';
import { errorOf, type Fleet, fleetClaim, specOf } from './fleet.ts';
import type { Claim } from './kit.ts';

/** How topics come into being and end. */
export const topicClaims: readonly Claim[] = [
  fleetClaim('a storm of automatic creations creates once', 3, async (fleet) => {
    const storm = fleet.live.flatMap(({ plane }) =>
      Array.from({ length: 8 }, () => plane.createTopics([specOf('wanted', 2, 3), specOf('too', 1, 1)], null)),
    );
    const answers = (await Promise.all(storm)).flat();
    equal(answers.length, 48, 'answers');
    for (const answer of answers) {
      check(['NONE', 'TOPIC_ALREADY_EXISTS'].includes(answer.error), `${answer.name}: ${answer.error}`);
    }
    await fleet.untilKnown('wanted');
    await fleet.settle();
    for (const name of ['wanted', 'too']) {
      const ids = new Set(fleet.nodes.flatMap(({ host }) => host.views.flatMap((v) => v.topics.get(name)?.id ?? [])));
      equal(ids.size, 1, `ids of ${name}`);
      check(
        answers.some((answer) => answer.name === name && answer.error === 'NONE'),
        `nobody has created ${name}`,
      );
    }
  }),

  fleetClaim('creations are answered in the order asked, each by itself', 2, async (fleet) => {
    await fleet.createTopic('present', 1, 1);
    const { plane } = fleet.node(2);
    const wanted = [specOf('good', 1, 1), specOf('no good!', 1, 1), specOf('wide', 1, 9), specOf('present', 1, 1)];
    const answers = await plane.createTopics(wanted, null);
    equal(
      answers.map(({ name, error }) => [name, error]),
      [
        ['good', 'NONE'],
        ['no good!', 'INVALID_TOPIC_EXCEPTION'],
        ['wide', 'INVALID_REPLICATION_FACTOR'],
        ['present', 'TOPIC_ALREADY_EXISTS'],
      ],
      'answers',
    );
    await fleet.untilKnown('good');
    equal((await plane.createTopics([specOf('good', 1, 1)], null)).map(errorOf), ['TOPIC_ALREADY_EXISTS'], 'again');
  }),

  fleetClaim('a deletion completes only when every replica is gone', 3, async (fleet) => {
    const { subject } = fleet;
    await fleet.createTopic('doomed', 2, 3);
    const topicId = idOf(fleet, 'doomed');
    const { host } = fleet.node(3);
    host.hold();
    const asked = deleteTopic(fleet, 'doomed');
    // In ZooKeeper mode the order to delete comes once the replica has stopped.
    const ordered = (): boolean => host.changes.some(({ to }) => to === 'delete' || to === 'stop');
    await eventually(subject.ports, ordered, 'the order to stop or delete');
    for (let look = 0; look < 20; look++) {
      check(!subject.isDeleted(topicId), 'the deletion counts as complete while broker 3 has not confirmed');
      await elapse(subject.ports, 50);
    }
    host.release();
    await asked;
    await eventually(subject.ports, () => subject.isDeleted(topicId), 'the end of the deletion');
    await fleet.settle();
    for (const node of fleet.live) equal([...node.host.replicas.keys()], [], `replicas of broker ${node.id}`);
  }),

  fleetClaim('a deletion is not held up for ever by a broker that died', 3, async (fleet) => {
    const { subject } = fleet;
    await fleet.createTopic('doomed', 2, 3);
    const topicId = idOf(fleet, 'doomed');
    const dead = fleet.node(3);
    dead.host.hold();
    const asked = deleteTopic(fleet, 'doomed');
    await elapse(subject.ports, 100);
    fleet.kill(dead);
    if (subject.traits.deadReplicas === 'awaited') {
      await eventually(subject.ports, () => fleet.node(1).host.replicas.size === 0, 'the deletion of live replicas');
      await fleet.join(3);
    }
    await eventually(subject.ports, () => subject.isDeleted(topicId), 'the end of the deletion');
    await asked;
    await fleet.settle();
  }),

  fleetClaim('a topic deleted and made again is another topic, on every broker', 2, async (fleet) => {
    await fleet.createTopic('phoenix', 2, 2, { 'retention.ms': '1000' });
    const first = idOf(fleet, 'phoenix');
    await deleteTopic(fleet, 'phoenix');
    await eventually(fleet.subject.ports, () => fleet.subject.isDeleted(first), 'the end of the deletion');
    await fleet.createTopic('phoenix', 1, 2);
    check(idOf(fleet, 'phoenix') !== first, 'the new topic has the id of the old one');
    for (const { host } of fleet.live) {
      equal([...host.replicas.keys()], ['phoenix-0'], 'replicas');
      equal([...(host.replicas.get('phoenix-0')?.configs ?? [])], [], 'configuration left over from the old topic');
    }
  }),

  fleetClaim('a broker that was starting when a topic went has nothing of it afterwards', 3, async (fleet) => {
    const { subject } = fleet;
    await fleet.createTopic('gone', 2, 3);
    const topicId = idOf(fleet, 'gone');
    await fleet.close(fleet.node(3));
    const starting = fleet.boot(3);
    await fleet.open(starting);
    const asked = deleteTopic(fleet, 'gone');
    await elapse(subject.ports, 500);
    await fleet.enlist(starting);
    await asked;
    await eventually(subject.ports, () => subject.isDeleted(topicId), 'the end of the deletion');
    await fleet.settle();
    equal([...starting.host.replicas.keys()], [], 'replicas');
  }),
];

/** Has a client delete a topic. Resolves when it is answered. */
async function deleteTopic(fleet: Fleet, name: string): Promise<void> {
  const body = { topicNames: [name], topics: [{ name }], timeoutMs: 60_000 };
  const codes = (response: { responses: readonly { errorCode: number }[] }): number[] =>
    response.responses.map(({ errorCode }) => errorCode);
  const response = await fleet.administer(deleteTopicsRequest, deleteTopicsResponse, body, codes);
  check(response !== undefined, 'the connection of the one who deletes was dropped');
  equal(codes(response), [0], `deletion of ${name}`);
}

function idOf(fleet: Fleet, name: string): TopicId {
  const id = fleet.live[0]?.host.view?.topics.get(name)?.id;
  check(id !== undefined, `nobody sees ${name}`);
  return id;
}
