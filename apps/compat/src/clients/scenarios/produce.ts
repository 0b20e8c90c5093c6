import { crc32 } from 'node:zlib';
import type { Codec, Partitioner, ProduceRecord } from '../agent-protocol.ts';
import { contentOf, equal, holds, numbered, produce, readAll, readFrom, type Scenario, write } from '../scenario.ts';

/** What `Utils.murmur2` of Apache's Java client gives, from its own test. */
const JAVA_MURMUR2: ReadonlyMap<string, number> = new Map([
  ['21', -973932308],
  ['foobar', -790332482],
  ['a-little-bit-long-string', -985981536],
  ['a-little-bit-longer-string', -1486304829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ['abc', 479470107],
]);
const PARTITIONS = 5;
const LABELS: Readonly<Record<Partitioner, string>> = { murmur2: 'murmur2', crc32: 'CRC-32' };

const keys: Scenario = {
  id: 'keys',
  title: 'produce with key',
  needs: ['keys'],
  kills: false,
  async run({ subject, witness, topic: create }) {
    holds(subject.hello.partitioners.length > 0, 'it has keys but tells no partitioner');
    for (const partitioner of subject.hello.partitioners) {
      const topic = await create(PARTITIONS);
      const records = [...JAVA_MURMUR2.keys()].map((key) => ({ key, value: `of ${key}` }));
      await produce(subject, { topic, records, codec: 'none', idempotent: false, partitioner });
      for (let partition = 0; partition < PARTITIONS; partition++) {
        const expected = records.filter(({ key }) => partitionOf(key, partitioner) === partition);
        const read = await readAll(witness, topic, partition, expected.length);
        equal(read.map(contentOf), expected.map(contentOf), `partition ${partition} by ${partitioner}`);
      }
    }
    return { detail: subject.hello.partitioners.map((it) => LABELS[it]).join(', ') };
  },
};

const explicitPartition: Scenario = {
  id: 'partition',
  title: 'produce to an explicit partition; no key, no value',
  needs: ['explicit-partition'],
  kills: false,
  async run({ subject, witness, topic: create }) {
    const topic = await create(3);
    const records: readonly ProduceRecord[] = [0, 1, 2, 1, 0].flatMap((partition, round) => [
      { key: 'the same', value: `${round} première`, partition },
      { key: null, value: `${round} ohne Schlüssel`, partition },
      { key: `${round} 墓石`, value: null, partition },
    ]);
    const { acknowledged } = await produce(subject, { topic, records, codec: 'none', idempotent: false });
    equal(acknowledged.length, records.length, 'acknowledgements');
    for (let partition = 0; partition < 3; partition++) {
      const expected = records.filter((it) => it.partition === partition);
      const read = await readAll(witness, topic, partition, expected.length);
      equal(read.map(contentOf), expected.map(contentOf), `partition ${partition}`);
      const told = acknowledged.filter((_, index) => records[index]?.partition === partition);
      for (const [offset, it] of told.entries()) {
        if (it.partition !== null) equal(it.partition, partition, 'acknowledged partition');
        if (it.offset !== null) equal(it.offset, offset, 'acknowledged offset');
      }
    }
    return undefined;
  },
};

const ACKS = [0, 1, -1] as const;

const acks: Scenario = {
  id: 'acks',
  title: 'acks 0, 1 and all',
  needs: [],
  kills: false,
  async run({ subject, witness, topic: create, until }) {
    for (const wanted of ACKS) {
      const topic = await create(1);
      const records = numbered(5, 0);
      const { acknowledged } = await produce(subject, { topic, records, codec: 'none', idempotent: false }, wanted);
      for (const [offset, it] of acknowledged.entries()) {
        if (it.offset !== null)
          equal(it.offset, wanted === 0 ? null : offset, `offset acknowledged with acks ${wanted}`);
      }
      // Nobody says when a record that nobody confirms is there.
      await until(`records of acks ${wanted}`, async () => {
        const { offset } = await witness.ask('listOffsets', { topic, partition: 0, at: 'latest' });
        return offset >= records.length;
      });
      const read = await readAll(witness, topic, 0, records.length);
      equal(read.map(contentOf), records.map(contentOf), `written with acks ${wanted}`);
    }
    return undefined;
  },
};

const CODECS: readonly Codec[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];

const codecs: Scenario = {
  id: 'codecs',
  title: 'every codec, written and read',
  needs: [],
  kills: false,
  async run({ subject, witness, cluster, topic: create }) {
    const own = subject.hello.codecs;
    for (const codec of own) {
      const [written, read] = [await create(1), await create(1)];
      // So alike that every codec makes them smaller: some clients send what does not shrink as it is.
      const records = Array.from({ length: 20 }, (_, index) => ({
        key: `${index}`,
        value: `${codec} ${index} ${'sehr ähnlich '.repeat(60)}`,
      }));
      await produce(subject, { topic: written, records, codec, idempotent: false });
      const seen = await readAll(witness, written, 0, records.length);
      equal(seen.map(contentOf), records.map(contentOf), `written with ${codec}`);
      const batches = await cluster.batches(written, 0);
      equal([...new Set(batches.map((it) => it.codec))], [codec], 'codecs in the log');

      await produce(witness, { topic: read, records, codec, idempotent: false });
      const foreign = await cluster.batches(read, 0);
      equal([...new Set(foreign.map((it) => it.codec))], [codec], 'codecs that the witness wrote');
      const got = await readFrom(subject, read, 0, { offset: 0 }, records.length);
      equal(got.map(contentOf), records.map(contentOf), `read with ${codec}`);
    }
    const { lacksCodecs } = subject.hello;
    equal([...own, ...Object.keys(lacksCodecs)].sort(), [...CODECS].sort(), 'codecs that it has and lacks');
    if (own.length === CODECS.length) return { detail: 'all five' };
    const notes = Object.entries(lacksCodecs).map(([codec, reason]) => `${codec}: ${reason}`);
    return { detail: own.join(', '), notes };
  },
};

const HEADERS = [
  ['trace', '1'],
  ['trace', '2'],
  ['empty', ''],
  ['größe', '五'],
] as const;

const headers: Scenario = {
  id: 'headers',
  title: 'headers: empty, repeated, beyond ASCII',
  needs: ['headers'],
  kills: false,
  async run({ subject, witness, topic: create }) {
    const records = [...numbered(2, 0).map((it) => ({ ...it, headers: HEADERS })), ...numbered(1, 0, 2)];
    for (const [writer, reader] of [
      [subject, witness],
      [witness, subject],
    ] as const) {
      const topic = await create(1);
      await write(writer, topic, records);
      const read = await readFrom(reader, topic, 0, { offset: 0 }, records.length);
      equal(read.map(contentOf), records.map(contentOf), `headers that ${writer.hello.name} wrote`);
    }
    return undefined;
  },
};

const nullHeaders: Scenario = {
  id: 'null-headers',
  title: 'headers without a value',
  needs: ['headers', 'null-headers'],
  kills: false,
  async run({ subject, witness, topic: create }) {
    const topic = await create(1);
    const named = [['nothing', null] as const, ['empty', ''] as const];
    const records = numbered(2, 0).map((it) => ({ ...it, headers: named }));
    await write(subject, topic, records);
    for (const reader of [witness, subject]) {
      const read = await readFrom(reader, topic, 0, { offset: 0 }, 2);
      equal(read.map(contentOf), records.map(contentOf), 'headers');
    }
    return undefined;
  },
};

const timestamps: Scenario = {
  id: 'timestamps',
  title: "timestamps of the caller's",
  needs: ['timestamps'],
  kills: false,
  async run({ subject, witness, topic: create }) {
    const topic = await create(1);
    const start = Date.now() - 3_600_000;
    const records = numbered(5, 0).map((it, index) => ({ ...it, timestamp: start + 60_000 * (index % 3) }));
    await write(subject, topic, records);
    const read = await readAll(witness, topic, 0, 5);
    equal(
      read.map((it) => it.timestamp),
      records.map((it) => it.timestamp),
      'timestamps',
    );
    return undefined;
  },
};

const idempotent: Scenario = {
  id: 'idempotent',
  title: 'idempotent producer',
  needs: ['idempotent'],
  kills: false,
  async run({ subject, witness, cluster, topic: create }) {
    const partitions = subject.hello.lacks['explicit-partition'] === undefined ? [0, 1] : [0];
    const topic = await create(partitions.length);
    const sent: ProduceRecord[] = [];
    for (let round = 0; round < 3; round++) {
      const records = partitions.flatMap((partition) => numbered(20, partition, round * 20));
      await produce(subject, { topic, records, codec: 'none', idempotent: true });
      sent.push(...records);
    }
    for (const partition of partitions) {
      const expected = sent.filter((it) => it.partition === partition);
      const read = await readAll(witness, topic, partition, expected.length);
      equal(read.map(contentOf), expected.map(contentOf), `partition ${partition}`);
      // Each producer id counts its records of a partition from 0.
      const next = new Map<number, number>();
      for (const batch of await cluster.batches(topic, partition)) {
        holds(batch.producerId >= 0, `batch ${batch.baseOffset} has no producer id`);
        equal(batch.baseSequence, next.get(batch.producerId) ?? 0, `sequence of batch ${batch.baseOffset}`);
        next.set(batch.producerId, batch.baseSequence + batch.records);
      }
    }
    return undefined;
  },
};

/** Rows about writing. */
export const produceScenarios: readonly Scenario[] = [
  keys,
  explicitPartition,
  acks,
  codecs,
  headers,
  nullHeaders,
  timestamps,
  idempotent,
];

function partitionOf(key: string, partitioner: Partitioner): number {
  switch (partitioner) {
    case 'murmur2':
      return ((JAVA_MURMUR2.get(key) ?? 0) & 0x7fffffff) % PARTITIONS;
    case 'crc32':
      return crc32(key) % PARTITIONS;
  }
}
