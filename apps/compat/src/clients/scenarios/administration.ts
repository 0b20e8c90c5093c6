import { equal, holds, numbered, readAll, type Scenario, write } from '../scenario.ts';

const topics: Scenario = {
  id: 'topics',
  title: 'create, expand and delete a topic',
  needs: ['create-topic', 'create-partitions', 'delete-topic'],
  kills: false,
  async run({ subject, witness, name, until }) {
    const topic = name('made');
    const counted = (partitions: number): Promise<void> =>
      until(`${partitions} partitions of ${topic} in everybody's eyes`, async () => {
        const counts = await Promise.all([subject, witness].map((it) => it.ask('partitionCount', { topic })));
        return counts.every((it) => it.partitions === partitions);
      });
    const configs = { 'segment.bytes': '1048576', 'cleanup.policy': 'compact,delete' };
    await subject.ask('createTopic', { topic, partitions: 3, replicationFactor: 3, configs });
    await counted(3);
    await until('its settings', async () => {
      const described = await witness.ask('describeConfigs', { resource: 'topic', name: topic });
      return Object.entries(configs).every(([key, value]) => described.configs[key] === value);
    });

    await subject.ask('createPartitions', { topic, partitions: 5 });
    await counted(5);
    await write(witness, topic, numbered(3, 4));
    await readAll(witness, topic, 4, 3);

    await subject.ask('deleteTopic', { topic });
    await counted(0);
    return undefined;
  },
};

const configs: Scenario = {
  id: 'configs',
  title: 'read and change settings',
  needs: ['describe-configs', 'alter-configs'],
  kills: false,
  async run({ subject, witness, cluster, topic: create, until }) {
    const topic = await create(1, { 'max.message.bytes': '2000000', 'retention.ms': '7200000' });
    const ofTopic = { resource: 'topic', name: topic } as const;
    // Brokers learn of a change one after the other, and clients ask whom they like.
    const expect = async (expected: Readonly<Record<string, string>>): Promise<void> => {
      for (const agent of [subject, witness]) {
        await until(`${JSON.stringify(expected)} in the eyes of ${agent.hello.name}`, async () => {
          const { configs } = await agent.ask('describeConfigs', ofTopic);
          return Object.entries(expected).every(([key, value]) => configs[key] === value);
        });
      }
    };
    // Those that were given, and defaults of Kafka 3.9.
    await expect({ 'max.message.bytes': '2000000', 'retention.ms': '7200000', 'cleanup.policy': 'delete' });
    await expect({ 'segment.bytes': '1073741824', 'min.insync.replicas': '1' });

    const set = { 'cleanup.policy': 'compact', 'min.cleanable.dirty.ratio': '0.25' };
    await subject.ask('alterConfigs', { topic, set, unset: ['retention.ms'] });
    await expect({ ...set, 'retention.ms': '604800000', 'max.message.bytes': '2000000' });
    await subject.ask('alterConfigs', { topic, set: {}, unset: ['cleanup.policy'] });
    await expect({ 'cleanup.policy': 'delete', 'min.cleanable.dirty.ratio': '0.25' });

    const [broker] = cluster.brokers;
    const own = await subject.ask('describeConfigs', { resource: 'broker', name: `${broker}` });
    equal(own.configs['log.retention.hours'], '168', 'log.retention.hours of a broker');
    equal(own.configs['auto.create.topics.enable'], 'false', 'auto.create.topics.enable of a broker');
    holds(Object.keys(own.configs).length > 200, 'a broker has more than 200 settings');
    return undefined;
  },
};

/** Rows about administration. */
export const administrationScenarios: readonly Scenario[] = [topics, configs];
