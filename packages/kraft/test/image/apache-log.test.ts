import { MetadataImage, MetadataLoader } from '@biquorum/kraft';
import { describe, expect, test } from 'vitest';
import { apacheLog, apacheSnapshots } from './support/apache-files.ts';
import { imageLines, recordLines } from './support/record-lines.ts';

const CLUSTER_ID = 'kraftkraftkraftkraftkk';

function replayTo(endOffset: number): MetadataImage {
  const loader = new MetadataLoader(CLUSTER_ID);
  for (const batch of apacheLog()) if (batch.endOffset <= endOffset) loader.commit(batch);
  return loader.image;
}

describe("the metadata log of Apache's controller", () => {
  test('holds what this test is about', () => {
    const types = new Set(apacheLog().flatMap(({ records }) => records.map(({ type }) => type)));
    expect([...types].sort()).toEqual([
      'BeginTransactionRecord',
      'BrokerRegistrationChangeRecord',
      'ClientQuotaRecord',
      'ConfigRecord',
      'EndTransactionRecord',
      'FeatureLevelRecord',
      'NoOpRecord',
      'PartitionChangeRecord',
      'PartitionRecord',
      'RegisterBrokerRecord',
      'RegisterControllerRecord',
      'RemoveTopicRecord',
      'RemoveUserScramCredentialRecord',
      'TopicRecord',
      'UserScramCredentialRecord',
      'ZkMigrationStateRecord',
    ]);
  });

  test.each(apacheSnapshots())('replayed to offset $endOffset gives the records of its snapshot there', (snapshot) => {
    const image = replayTo(snapshot.endOffset);
    expect(image.endOffset).toBe(snapshot.endOffset);
    expect(imageLines(image)).toEqual(recordLines(snapshot.records));
  });

  test.each(apacheSnapshots())('gives types in the order of its snapshot at $endOffset', (snapshot) => {
    const orderOf = (types: Iterable<string>) => [...new Set(types)];
    const ours = Array.from(replayTo(snapshot.endOffset).records(), ({ message }) => message.type);
    expect(orderOf(ours)).toEqual(orderOf(snapshot.records.map(({ type }) => type)));
  });

  test.each(apacheSnapshots())('goes on after its snapshot at $endOffset to the same end', (snapshot) => {
    const loader = new MetadataLoader(CLUSTER_ID);
    const { endOffset, epoch, records } = snapshot;
    loader.restore({ id: { index: endOffset, epoch }, appendTimeMs: -1, records });
    for (const batch of apacheLog()) if (batch.baseOffset >= endOffset) loader.commit(batch);
    const all = replayTo(Number.MAX_SAFE_INTEGER);
    expect(imageLines(loader.image)).toEqual(imageLines(all));
    expect(loader.image.endOffset).toBe(all.endOffset);
  });

  test('leaves reassignments running, a fenced broker and a leaderless partition', () => {
    const { view, brokers } = replayTo(Number.MAX_SAFE_INTEGER);
    expect([...(view.topics.get('manual')?.reassigning() ?? [])].length).toBeGreaterThan(0);
    expect(brokers.get(3)?.fenced).toBe(true);
    expect(view.protocolVersion).toBe('3.9-IV0');
    expect(MetadataImage.empty('x').view.topics.size).toBe(0);
  });
});
