import type { ToolStep } from '../mixed-cluster/transcript.ts';
import { type Chapter, TOPIC } from './stage.ts';

export const reassignments: Chapter = {
  title: 'kafka-reassign-partitions',
  async play({ tool, cluster, file }) {
    const reassign = (name: string, partitions: readonly unknown[], args: string): Promise<string> =>
      tool('kafka-reassign-partitions', [
        '--reassignment-json-file',
        file(`${name}.json`, { version: 1, partitions }),
        ...args.split(' '),
      ]);
    const swap = [{ topic: TOPIC, partition: 0, replicas: [2, 3] }];
    await reassign('swap', swap, '--verify');
    await reassign('swap', swap, '--execute --throttle 1000000');
    await cluster.untilTopic('moved', TOPIC, ([first]) => `${first?.replicas}` === '2,3' && `${first?.isr}` === '2,3');
    await cluster.untilSetting([1, 2, 3], THROTTLE, '1000000');
    await tool('kafka-configs', ['--entity-type', 'brokers', '--describe']);
    await tool('kafka-configs', ['--entity-type', 'topics', '--entity-name', TOPIC, '--describe']);
    await reassign('swap', swap, '--verify');
    await cluster.untilSetting([1, 2, 3], THROTTLE, undefined);
    await cluster.untilTopicSetting(TOPIC, 'leader.replication.throttled.replicas', '');
    await tool('kafka-configs', ['--entity-type', 'brokers', '--describe']);
    await tool('kafka-configs', ['--entity-type', 'topics', '--entity-name', TOPIC, '--describe']);
    await reassign('back', [{ topic: TOPIC, partition: 0, replicas: [1, 2, 3] }], '--execute');
    await cluster.untilTopic('moved', TOPIC, ([first]) => `${first?.replicas}` === '1,2,3' && first?.isr.length === 3);
    await reassign('missing', [{ topic: 'missing', partition: 0, replicas: [1] }], '--execute');
    await reassign('unknown', [{ topic: TOPIC, partition: 0, replicas: [1, 9] }], '--execute');
    await reassign('twice', [{ topic: TOPIC, partition: 0, replicas: [1, 1] }], '--execute');
    await tool('kafka-reassign-partitions', ['--list']);
    const move = file('move.json', { version: 1, topics: [{ topic: TOPIC }] });
    const generate = ['--topics-to-move-json-file', move, '--broker-list', '1,2,3', '--generate'];
    await tool('kafka-reassign-partitions', generate, { rewrite: withoutProposal() });

    // To a broker that is dead, and not missed yet, it does not come to an end.
    await tool('kafka-topics', ['--create', '--topic', 'moving', '--replica-assignment', '1:2']);
    await cluster.untilInSync('moving');
    const stuck = [{ topic: 'moving', partition: 0, replicas: [1, 3] }];
    await cluster.node(3).kill();
    await reassign('stuck', stuck, '--execute');
    await cluster.untilTopic('moving', 'moving', ([first]) => first?.replicas.length === 3);
    await tool('kafka-reassign-partitions', ['--list']);
    await reassign('stuck', stuck, '--verify --preserve-throttles');
    await tool('kafka-topics', ['--describe', '--topic', 'moving']);
    await reassign('stuck', stuck, '--execute');
    await reassign('stuck', stuck, '--execute --additional');
    await reassign('stuck', stuck, '--cancel --preserve-throttles');
    await cluster.untilTopic('cancelled', 'moving', ([first]) => `${first?.replicas}` === '1,2');
    await reassign('stuck', stuck, '--cancel --preserve-throttles');
    await tool('kafka-reassign-partitions', ['--list']);
    await tool('kafka-topics', ['--describe', '--topic', 'moving']);
    // Its id is free when its session is over.
    await cluster.restart(3);
    await cluster.untilInSync(TOPIC);
  },
};

/** What `--throttle` sets, last of its two, and `--verify` takes away. */
const THROTTLE = 'follower.replication.throttled.rate';

/** Where a proposal begins is drawn; what is there now is not. */
function withoutProposal(): (line: string) => string {
  let isProposal = false;
  return (line) => {
    if (isProposal && line.startsWith('{')) return '<a proposal>';
    isProposal ||= line.startsWith('Proposed');
    return line;
  };
}

export const elections: Chapter = {
  title: 'kafka-leader-election',
  async play({ tool, cluster }) {
    const elect = (args: string, step?: ToolStep): Promise<string> =>
      tool('kafka-leader-election', args.split(' '), step);
    const of = (topic: string, type: string): string => `--election-type ${type} --topic ${topic} --partition`;
    await cluster.node(1).stop();
    await cluster.untilTopic('led by 2', TOPIC, ([first]) => first?.leader === 2);
    await elect(`${of(TOPIC, 'preferred')} 0`);
    await cluster.node(1).start();
    await cluster.untilInSync(TOPIC);
    await elect(`${of(TOPIC, 'preferred')} 0`);
    await cluster.untilTopic('led by 1', TOPIC, ([first]) => first?.leader === 1);
    await elect(`${of(TOPIC, 'preferred')} 0`);
    await elect(`${of(TOPIC, 'unclean')} 0`);
    await elect(`${of(TOPIC, 'preferred')} 9`);
    await elect(`${of('missing', 'preferred')} 0`);
    await elect('--election-type preferred --all-topic-partitions', WITHOUT_OFFSETS_TOPIC);
    await elect('--election-type preferred --all-topic-partitions', WITHOUT_OFFSETS_TOPIC);

    await tool('kafka-topics', ['--create', '--topic', 'unclean', '--replica-assignment', '2:3']);
    await cluster.untilInSync('unclean');
    await cluster.node(3).stop();
    await cluster.untilTopic('without 3', 'unclean', ([first]) => `${first?.isr}` === '2');
    await cluster.node(2).stop();
    await cluster.untilTopic('without a leader', 'unclean', ([first]) => first?.leader === -1);
    await elect(`${of('unclean', 'preferred')} 0`);
    await elect(`${of('unclean', 'unclean')} 0`);
    await tool('kafka-topics', ['--describe', '--topic', 'unclean'], OFFLINE);
    await tool('kafka-topics', ['--describe', '--unavailable-partitions'], OFFLINE);
    await cluster.restart(3);
    await cluster.untilBrokers([1, 3]);
    await elect(`${of('unclean', 'unclean')} 0`);
    await cluster.untilTopic('led by 3', 'unclean', ([first]) => first?.leader === 3);
    await tool('kafka-topics', ['--describe', '--topic', 'unclean']);
    await cluster.node(2).start();
    await cluster.untilInSync('unclean');
    await cluster.untilInSync(TOPIC);
  },
};

/** Where its replicas are placed is drawn, and so whether there is anything to elect. */
const WITHOUT_OFFSETS_TOPIC: ToolStep = {
  substitutions: [[/__consumer_offsets-0, |, __consumer_offsets-0/g, '']],
};
const OFFLINE: ToolStep = { sorted: true };

export const cluster: Chapter = {
  title: 'kafka-cluster, kafka-broker-api-versions',
  async play({ tool, toGovernment, cluster: nodes }) {
    await tool('kafka-cluster', ['cluster-id']);
    await toGovernment('kafka-cluster', ['cluster-id']);
    await tool('kafka-broker-api-versions', [], { sorted: true, keep: (line) => line.includes('(id: ') });
    await tool('kafka-cluster', ['unregister', '--id', '9']);
    await nodes.node(3).stop();
    await nodes.untilTopic('without 3', TOPIC, (partitions) => partitions.every(({ isr }) => !isr.includes(3)));
    await tool('kafka-cluster', ['unregister', '--id', '3']);
    await tool('kafka-cluster', ['unregister', '--id', '3']);
    await nodes.node(3).start();
    await nodes.untilInSync(TOPIC);
  },
};
