import { errorName } from '@biquorum/kafka-wire';
import { createTopicsRequest, createTopicsResponse } from '@biquorum/kafka-wire/messages/create-topics';
import { describe, expect, test } from 'vitest';
import { ControllerKit } from './support/controller-kit.ts';

describe('a controller that becomes active', () => {
  test('writes the bootstrap records into an empty log, in one metadata transaction', () => {
    const kit = new ControllerKit();
    kit.journal.autoCommit = false;
    kit.journal.lead();
    expect(kit.journal.pending.map(({ records }) => records.map(({ type }) => type))).toEqual([
      ['BeginTransactionRecord', 'FeatureLevelRecord', 'ZkMigrationStateRecord', 'EndTransactionRecord'],
    ]);
    expect(kit.loader.image.metadataLevel).toBe(1);
    kit.journal.commit();
    expect(kit.loader.image.metadataLevel).toBe(21);
    expect(kit.loader.image.view.protocolVersion).toBe('3.9-IV0');
  });

  test('writes them plainly below 3.6-IV1, which knows no transactions', () => {
    const kit = new ControllerKit({ metadataLevel: 12 });
    kit.journal.autoCommit = false;
    kit.journal.lead();
    expect(kit.journal.pending.flatMap(({ records }) => records.map(({ type }) => type))).toEqual([
      'FeatureLevelRecord',
    ]);
  });

  test('writes nothing into a log that has records', async () => {
    const kit = await ControllerKit.withBrokers([1]);
    const before = kit.journal.endOffset;
    kit.journal.resign();
    kit.journal.lead();
    // The quorum's own record of the new leadership.
    expect(kit.journal.endOffset).toBe(before + 1);
  });

  test('aborts a transaction that its predecessor left open, and what that wrote has no effect', () => {
    const kit = new ControllerKit();
    kit.journal.autoCommit = false;
    kit.journal.lead();
    const [bootstrap] = kit.journal.pending;
    kit.journal.resign();
    // The first half of the predecessor's transaction is committed.
    const records = bootstrap?.records.slice(0, 2) ?? [];
    kit.loader.commit({ baseOffset: 1, endOffset: 3, epoch: 1, appendTimeMs: -1, records });
    expect(kit.loader.image.metadataLevel).toBe(1);
    kit.journal.lead();
    expect(kit.journal.pending.flatMap((batch) => batch.records.map(({ type }) => type))).toEqual([
      'AbortTransactionRecord',
      'BeginTransactionRecord',
      'FeatureLevelRecord',
      'ZkMigrationStateRecord',
      'EndTransactionRecord',
    ]);
    kit.journal.commit();
    expect(kit.loader.image.metadataLevel).toBe(21);
    expect(kit.loader.image.transaction).toBeNull();
  });

  test('writes a NoOpRecord each time that metadata.max.idle.interval.ms has passed', async () => {
    const kit = await ControllerKit.withBrokers([], { settings: { maxIdleIntervalMs: 500 } });
    await kit.pass(1_600);
    const types = kit.journal.batches.flatMap(({ records }) => records.map(({ type }) => type));
    expect(types.filter((type) => type === 'NoOpRecord')).toHaveLength(3);
  });
});

describe('answers', () => {
  test('wait until the records are committed', async () => {
    const kit = await ControllerKit.withBrokers([1]);
    kit.journal.autoCommit = false;
    let answered = false;
    const answer = kit.assign('orders', [[1]]).then((error) => {
      answered = true;
      return error;
    });
    await kit.pass(1_000);
    expect(answered).toBe(false);
    expect(kit.loader.image.view.topics.has('orders')).toBe(false);
    expect(kit.controller.uncommittedImage?.view.topics.has('orders')).toBe(true);
    kit.journal.commit();
    expect(await answer).toBe('NONE');
    expect(kit.loader.image.view.topics.has('orders')).toBe(true);
  });

  test('that need no records wait for what they were decided on', async () => {
    const kit = await ControllerKit.withBrokers([1]);
    kit.journal.autoCommit = false;
    const first = kit.assign('orders', [[1]]);
    let answered = false;
    const second = kit.assign('orders', [[1]]).then((error) => {
      answered = true;
      return error;
    });
    await kit.pass(1_000);
    expect(answered).toBe(false);
    kit.journal.commit();
    expect(await Promise.all([first, second])).toEqual(['NONE', 'TOPIC_ALREADY_EXISTS']);
  });

  test('are NOT_CONTROLLER when the leadership is lost before that, and nothing of it remains', async () => {
    const kit = await ControllerKit.withBrokers([1]);
    const before = kit.loader.image;
    kit.journal.autoCommit = false;
    const answer = kit.assign('orders', [[1]]);
    await kit.pass(1);
    kit.journal.resign();
    expect(await answer).toBe('NOT_CONTROLLER');
    expect(kit.loader.image).toBe(before);
    kit.journal.autoCommit = true;
    kit.journal.lead();
    expect(kit.controller.uncommittedImage?.view.topics.size).toBe(0);
    expect(await kit.assign('orders', [[1]])).toBe('NONE');
  });

  test('are NOT_CONTROLLER for each topic while the node is not active', async () => {
    const kit = new ControllerKit();
    const { topics } = await kit.call(createTopicsRequest, createTopicsResponse, {
      topics: [{ name: 'a' }, { name: 'b' }],
    });
    expect(topics.map(({ name, errorCode }) => [name, errorName(errorCode)])).toEqual([
      ['a', 'NOT_CONTROLLER'],
      ['b', 'NOT_CONTROLLER'],
    ]);
  });

  test('are retriable when the journal has no room, and the controller stays as it was', async () => {
    const kit = await ControllerKit.withBrokers([1]);
    kit.journal.refuse = 'busy';
    expect(await kit.assign('orders', [[1]])).toBe('REQUEST_TIMED_OUT');
    kit.journal.refuse = null;
    expect(await kit.assign('orders', [[1]])).toBe('NONE');
  });
});
