import { suite } from '@biquorum/bench';
import type { MetadataRecord } from '@biquorum/kafka-wire/metadata-records';
import { ImageDraft, MetadataLoader } from '@biquorum/kraft';
import { ControllerKit } from '../test/controller/support/controller-kit.ts';

// What a controller does must cost what the change costs, not what the cluster holds: every suite compares a small
// cluster with a large one, per partition.

const ASSIGNMENTS = [
  [1, 2, 3],
  [2, 3, 1],
  [3, 1, 2],
] as const;

const small = await clusterOf(1, 1_000);
const large = await clusterOf(4, 5_000);
const wide = await clusterOf(1, 9_990);

await suite({
  title: 'A batch with one change of one partition, replayed',
  baseline: 'topic of 1,000 partitions',
  opsPerCall: 100,
  cases: {
    'topic of 1,000 partitions': () => changeOneByOne(small),
    'topic of 9,990 partitions': () => changeOneByOne(wide),
  },
});

for (const [kit, partitions] of [
  [small, 1_000],
  [large, 20_000],
] as const) {
  await suite({
    title: `${partitions} partitions on three brokers (an operation is a partition)`,
    baseline: 'replay of the whole log',
    opsPerCall: partitions,
    cases: {
      'replay of the whole log': () => replay(kit),
      'records of a snapshot': () => [...kit.loader.snapshot()].length,
      'fencing of one broker, decided, encoded and replayed': () => fence(kit),
    },
  });
}

// Once, since it takes seconds: what the largest cluster costs as a whole.
await once('100,000 partitions created', async () => {
  const huge = await clusterOf(20, 5_000);
  await once('- one of three brokers fenced', () => fence(huge));
  await once('- the log replayed', () => replay(huge));
});
process.exit(0);

async function once(what: string, work: () => unknown): Promise<void> {
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  console.log(`${what}: ${Math.round((user + system) / 1_000)} ms of processor time`);
}

async function clusterOf(topics: number, partitions: number): Promise<ControllerKit> {
  const kit = await ControllerKit.withBrokers([1, 2, 3]);
  const assignment = Array.from({ length: partitions }, (_, index) => ASSIGNMENTS[index % 3] ?? []);
  for (let topic = 0; topic < topics; topic++) await kit.assign(`topic-${topic}`, assignment);
  return kit;
}

function replay(kit: ControllerKit): MetadataLoader {
  const loader = new MetadataLoader('bench');
  for (const batch of kit.journal.batches) loader.commit(batch);
  return loader;
}

/** Everything up to the commit; then the leadership is lost, and with it the change. */
async function fence(kit: ControllerKit): Promise<void> {
  kit.journal.autoCommit = false;
  const answer = kit.beat(1, { wantFence: true });
  kit.journal.resign();
  await answer;
  kit.journal.lead();
  kit.journal.batches.pop();
  kit.journal.autoCommit = true;
}

function changeOneByOne(kit: ControllerKit): MetadataLoader['image'] {
  const { lists } = kit.loader;
  let { image } = kit.loader;
  const partitions = image.view.topics.get('topic-0')?.partitionCount ?? 0;
  for (let change = 0; change < 100; change++) {
    const draft = new ImageDraft(image, lists);
    draft.replay(shrink(kit, (change * 97) % partitions), image.endOffset);
    image = draft.finish(image.endOffset + 1, image.epoch).image;
  }
  return image;
}

function shrink(kit: ControllerKit, partitionId: number): MetadataRecord {
  return {
    type: 'PartitionChangeRecord',
    version: 1,
    record: {
      partitionId,
      topicId: kit.topicId('topic-0'),
      isr: [1, 2],
      leader: -2,
      replicas: null,
      removingReplicas: null,
      addingReplicas: null,
      leaderRecoveryState: -1,
      directories: null,
      eligibleLeaderReplicas: null,
      lastKnownElr: null,
    },
  };
}
