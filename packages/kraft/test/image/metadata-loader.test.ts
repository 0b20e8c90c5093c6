import { uuid } from '@biquorum/kafka-wire';
import type { MetadataRecord, MetadataRecordInit } from '@biquorum/kafka-wire/metadata-records';
import { type ImageChange, MetadataLoader } from '@biquorum/kraft';
import { describe, expect, test } from 'vitest';
import { whole } from './support/record-lines.ts';

const ID = uuid('topictopictopictopictA');
const OTHER = uuid('otherotherotherothereA');

const record = (message: MetadataRecordInit, version = 0): MetadataRecord => whole({ message, version });
const topic = (name: string, topicId = ID) => record({ type: 'TopicRecord', record: { name, topicId } });
const partition = (partitionId: number, topicId = ID) =>
  record({
    type: 'PartitionRecord',
    record: { partitionId, topicId, replicas: [1, 2], isr: [1, 2], leader: 1, leaderEpoch: 0, partitionEpoch: 0 },
  });
const config = (resourceName: string, name: string, value: string | null) =>
  record({ type: 'ConfigRecord', record: { resourceType: 2, resourceName, name, value } });
const begin = record({ type: 'BeginTransactionRecord', record: { name: 'test' } });
const end = record({ type: 'EndTransactionRecord', record: {} });
const abort = record({ type: 'AbortTransactionRecord', record: { reason: 'test' } });

class Follower {
  readonly loader: MetadataLoader = new MetadataLoader('cluster');
  readonly changes: ImageChange[] = [];
  #offset = 0;

  constructor() {
    this.loader.onChange((change) => this.changes.push(change));
  }

  commit(...records: MetadataRecord[]): void {
    const baseOffset = this.#offset;
    this.#offset += records.length;
    this.loader.commit({ baseOffset, endOffset: this.#offset, epoch: 1, appendTimeMs: -1, records });
  }

  topics(): string[] {
    return this.changes.at(-1)?.delta.topics.map(({ change, name }) => `${change} ${name}`) ?? [];
  }
}

describe('a loader', () => {
  test('tells of each batch what changed, and where the log stands', () => {
    const follower = new Follower();
    follower.commit(topic('a'), partition(0));
    expect(follower.changes).toHaveLength(1);
    expect(follower.changes[0]).toMatchObject({ endOffset: 2, epoch: 1 });
    expect(follower.changes[0]?.view.complete).toBe(true);
    expect(follower.topics()).toEqual(['created a']);
    follower.commit(record({ type: 'NoOpRecord', record: {} }));
    expect(follower.changes.at(-1)).toMatchObject({ endOffset: 3, delta: { topics: [], featuresChanged: false } });
    expect(follower.changes.at(-1)?.view.features.epoch).toBe(2);
  });

  test('holds a metadata transaction back until it ends', () => {
    const follower = new Follower();
    follower.commit(topic('a'), partition(0), begin, topic('b', OTHER));
    // What came before the transaction in its first batch is in force.
    expect(follower.topics()).toEqual(['created a']);
    follower.commit(partition(0, OTHER));
    expect(follower.changes).toHaveLength(1);
    follower.commit(config('b', 'retention.ms', '1'), end);
    expect(follower.changes).toHaveLength(2);
    expect(follower.topics()).toEqual(['created b']);
    expect(follower.changes.at(-1)?.view.topics.get('b')?.partitionCount).toBe(1);
  });

  test('forgets a transaction that is aborted', () => {
    const follower = new Follower();
    follower.commit(begin, topic('a'));
    follower.commit(abort, topic('b', OTHER), partition(0, OTHER));
    expect(follower.topics()).toEqual(['created b']);
    expect(follower.loader.image.view.topics.has('a')).toBe(false);
  });

  test('carries an open transaction through a snapshot', () => {
    const follower = new Follower();
    follower.commit(topic('a'), partition(0), begin, topic('b', OTHER));
    const restored = new Follower();
    const records = Array.from(follower.loader.snapshot(), whole);
    restored.loader.restore({ id: { index: 4, epoch: 1 }, appendTimeMs: -1, records });
    expect(restored.topics()).toEqual(['created a']);
    restored.commit(partition(0, OTHER), end);
    expect(restored.topics()).toEqual(['created b']);
  });

  test('refuses an end without a beginning', () => {
    expect(() => new Follower().commit(end)).toThrow(/never began/);
    expect(() => new Follower().commit(begin, begin)).toThrow(/within another/);
  });

  test('publishes a snapshot as one step of all that differs', () => {
    const follower = new Follower();
    follower.commit(topic('a'), partition(0), partition(1), topic('gone', OTHER), config('gone', 'retention.ms', '1'));
    const change = record({ type: 'PartitionChangeRecord', record: { partitionId: 1, topicId: ID, isr: [1] } });
    const ahead = new Follower();
    ahead.commit(topic('a'), partition(0), partition(1), change, topic('new', uuid('newnewnewnewnewnewnewA')));
    const records = Array.from(ahead.loader.snapshot(), whole);
    follower.loader.restore({ id: { index: 9, epoch: 3 }, appendTimeMs: -1, records });
    const last = follower.changes.at(-1);
    expect(last).toMatchObject({ endOffset: 9, epoch: 3 });
    expect(last?.delta.topics.map(({ name, change, partitions }) => [change, name, [...partitions]])).toEqual([
      ['deleted', 'gone', []],
      ['changed', 'a', [1]],
      ['created', 'new', []],
    ]);
    expect(last?.delta.configs).toEqual([{ type: 'topic', name: 'gone' }]);
  });

  test('takes partitions of a batch in any order', () => {
    const follower = new Follower();
    follower.commit(topic('a'), partition(2), partition(0), partition(1));
    expect(follower.loader.image.view.topics.get('a')?.partitionCount).toBe(3);
    expect(() => follower.commit(topic('b', OTHER), partition(1, OTHER))).toThrow(/gaps/);
  });

  test('lets a topic be deleted and made again in one batch', () => {
    const follower = new Follower();
    follower.commit(topic('a'), partition(0));
    follower.commit(
      record({ type: 'RemoveTopicRecord', record: { topicId: ID } }),
      topic('a', OTHER),
      partition(0, OTHER),
    );
    expect(follower.topics()).toEqual(['deleted a', 'created a']);
  });

  test('refuses changes of what does not exist', () => {
    expect(() => new Follower().commit(partition(0))).toThrow(/never created/);
    const fence = record({ type: 'FenceBrokerRecord', record: { id: 1, epoch: 5 } });
    expect(() => new Follower().commit(fence)).toThrow(/broker 1 changes at epoch 5 but is registered at none/);
  });

  test('tells who attaches later that this node leads', () => {
    const { loader } = new Follower();
    loader.lead(7);
    const told: number[] = [];
    loader.attach({ lead: (epoch) => told.push(epoch), resign: () => told.push(-1), committed: () => {} });
    loader.resign('test');
    expect(told).toEqual([7, -1]);
  });
});
