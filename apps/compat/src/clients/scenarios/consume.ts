import { contentOf, equal, numbered, readFrom, type Scenario, write } from '../scenario.ts';

const COUNT = 50;
const STEP_MS = 1_000;

const fromOffset: Scenario = {
  id: 'from-offset',
  title: 'consume from an offset',
  needs: ['consume-from-offset'],
  kills: false,
  async run({ subject, witness, topic: create }) {
    const topic = await create(2);
    const records = numbered(COUNT, 1);
    await write(witness, topic, [...numbered(7, 0), ...records]);
    for (const offset of [17, 0, COUNT - 1]) {
      const read = await readFrom(subject, topic, 1, { offset }, COUNT - offset);
      equal(read.map(contentOf), records.slice(offset).map(contentOf), `from offset ${offset}`);
      equal(read[0]?.offset, offset, 'first offset');
      equal([...new Set(read.map((it) => `${it.topic}-${it.partition}`))], [`${topic}-1`], 'partition');
    }
    return undefined;
  },
};

const fromTimestamp: Scenario = {
  id: 'from-timestamp',
  title: 'consume from a timestamp',
  needs: ['consume-from-timestamp'],
  kills: false,
  async run({ subject, witness, topic: create }) {
    const topic = await create(1);
    const start = Date.now() - 3_600_000;
    const records = numbered(COUNT, 0).map((it, index) => ({ ...it, timestamp: start + index * STEP_MS }));
    await write(witness, topic, records);
    // Between two records, at one, and before all.
    for (const [timestamp, first] of [
      [start + 10.5 * STEP_MS, 11],
      [start + 20 * STEP_MS, 20],
      [start - STEP_MS, 0],
    ] as const) {
      const read = await readFrom(subject, topic, 0, { timestamp }, COUNT - first);
      equal(read[0]?.offset, first, 'first offset');
      equal(read.map(contentOf), records.slice(first).map(contentOf), `from record ${first}`);
      const told = read.map((it, index) => it.timestamp ?? records[first + index]?.timestamp);
      equal(
        told,
        records.slice(first).map((it) => it.timestamp),
        'timestamps',
      );
    }
    return undefined;
  },
};

const offsets: Scenario = {
  id: 'offsets',
  title: 'ask for the first, the last and the offset of a timestamp',
  needs: ['list-offsets'],
  kills: false,
  async run({ subject, witness, topic: create }) {
    const topic = await create(1);
    const start = Date.now() - 3_600_000;
    const records = numbered(COUNT, 0).map((it, index) => ({ ...it, timestamp: start + index * STEP_MS }));
    await write(witness, topic, records);
    for (const [at, offset] of [
      ['earliest', 0],
      ['latest', COUNT],
      [{ timestamp: start + 10.5 * STEP_MS }, 11],
      [{ timestamp: start + 49 * STEP_MS }, 49],
    ] as const) {
      const answer = await subject.ask('listOffsets', { topic, partition: 0, at });
      equal(answer.offset, offset, `offset at ${JSON.stringify(at)}`);
    }
    return undefined;
  },
};

/** Rows about reading without a group. */
export const consumeScenarios: readonly Scenario[] = [fromOffset, fromTimestamp, offsets];
