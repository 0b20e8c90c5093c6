import { uuid } from '@biquorum/kafka-wire';
import type { MetadataRecord } from '@biquorum/kafka-wire/metadata-records';
import { MetadataLoader } from '@biquorum/kraft';
import { describe, expect, test } from 'vitest';
import { DecisionLog } from '../../src/controller/decision-log.ts';
import { MemoryJournal } from './support/memory-journal.ts';

const TOPIC: MetadataRecord = {
  type: 'TopicRecord',
  version: 0,
  record: { name: 'a', topicId: uuid('sc6qt_aFRIK88xj98n-UAA') },
};
const UNKNOWN: MetadataRecord = {
  type: 'RemoveTopicRecord',
  version: 0,
  record: { topicId: uuid('RoXA7nE1dApJUI3Qfe-3QQ') },
};

function leading() {
  const loader = new MetadataLoader('cluster');
  const journal = new MemoryJournal(loader);
  journal.autoCommit = false;
  journal.lead();
  const log = new DecisionLog(journal, loader.lists, 10);
  log.begin(loader.image, 1);
  return { loader, journal, log };
}

describe('the decisions of an active controller', () => {
  test('are replayed before they are written: what cannot be replayed never reaches the log', () => {
    const { journal, log } = leading();
    const before = log.image;
    expect(() => log.place({ records: [TOPIC, UNKNOWN], reply: null, atomic: true })).toThrow(/never created/);
    expect(journal.pending).toEqual([]);
    expect(log.image).toBe(before);
    log.place({ records: [TOPIC], reply: null });
    expect(log.image?.view.topics.has('a')).toBe(true);
  });

  test('make the image that the log makes of them', () => {
    const { loader, journal, log } = leading();
    log.place({ records: [TOPIC], reply: null });
    journal.commit();
    expect(log.image?.endOffset).toBe(loader.image.endOffset);
    expect(log.image?.epoch).toBe(loader.image.epoch);
    expect([...(log.image?.view.topics.keys() ?? [])]).toEqual([...loader.image.view.topics.keys()]);
  });
});
