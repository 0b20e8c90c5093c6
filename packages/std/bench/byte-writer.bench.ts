import { suite } from '@biquorum/bench';
import { ByteWriter, Prng } from '@biquorum/std';

const COUNT = 1000;
const random = new Prng(1);
const buffer = Buffer.alloc(16 * COUNT);

/** Writes 1,000 values into memory that is used again. */
function writing(write: (writer: ByteWriter, index: number) => void): () => number {
  const writer = new ByteWriter({ initialBytes: 16 * COUNT });
  return () => {
    writer.reset();
    for (let index = 0; index < COUNT; index++) write(writer, index);
    return writer.position;
  };
}

const int32 = Array.from({ length: COUNT }, () => random.uint32() | 0);
await suite({
  title: 'write int32',
  baseline: 'Buffer.writeInt32BE',
  opsPerCall: COUNT,
  cases: {
    'Buffer.writeInt32BE': () => {
      for (let index = 0; index < COUNT; index++) buffer.writeInt32BE(int32[index] as number, index * 4);
    },
    'ByteWriter.i32': writing((writer, index) => writer.i32(int32[index] as number)),
  },
});

const safe = Array.from({ length: COUNT }, () => random.below(Number.MAX_SAFE_INTEGER));
const big = safe.map(BigInt);
await suite({
  title: 'write int64',
  baseline: 'Buffer.writeBigInt64BE',
  opsPerCall: COUNT,
  cases: {
    'Buffer.writeBigInt64BE': () => {
      for (let index = 0; index < COUNT; index++) buffer.writeBigInt64BE(big[index] as bigint, index * 8);
    },
    'Buffer.writeBigInt64BE from number': () => {
      for (let index = 0; index < COUNT; index++) buffer.writeBigInt64BE(BigInt(safe[index] as number), index * 8);
    },
    'ByteWriter.i64Big': writing((writer, index) => writer.i64Big(big[index] as bigint)),
    'ByteWriter.i64': writing((writer, index) => writer.i64(safe[index] as number)),
  },
});

const mixed = Array.from({ length: COUNT }, () => random.below(2 ** random.between(1, 30)));
await suite({
  title: 'write varints',
  baseline: 'ByteWriter.varlongBig',
  opsPerCall: COUNT,
  cases: {
    'ByteWriter.varlongBig': writing((writer, index) => writer.varlongBig(BigInt(mixed[index] as number))),
    'ByteWriter.varlong': writing((writer, index) => writer.varlong(mixed[index] as number)),
    'ByteWriter.varint': writing((writer, index) => writer.varint(mixed[index] as number)),
  },
});

for (const length of [12, 48, 200]) {
  const word = 'orders-eu-west-1-payments-and-refunds.'.repeat(6).slice(0, length);
  const target = Buffer.alloc(length * COUNT);
  await suite({
    title: `write ASCII text of ${length} bytes`,
    baseline: 'Buffer.write',
    opsPerCall: COUNT,
    cases: {
      'Buffer.write': () => {
        for (let index = 0; index < COUNT; index++) target.write(word, index * length, 'utf8');
      },
      'ByteWriter.utf8': writing((writer) => writer.utf8(word)),
    },
  });
}
