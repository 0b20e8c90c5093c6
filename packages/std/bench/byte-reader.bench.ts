import { suite } from '@biquorum/bench';
import { ByteReader, ByteWriter, Prng } from '@biquorum/std';

const COUNT = 1000;
const random = new Prng(1);

/** Bytes of 1,000 values as `write` puts them. */
function valuesOf(write: (writer: ByteWriter) => void): Buffer {
  const writer = new ByteWriter();
  for (let index = 0; index < COUNT; index++) write(writer);
  return Buffer.from(writer.finish());
}

const int32 = valuesOf((writer) => writer.i32(random.uint32() | 0));
await suite({
  title: 'read int32',
  baseline: 'Buffer.readInt32BE',
  opsPerCall: COUNT,
  cases: {
    'Buffer.readInt32BE': () => {
      let sum = 0;
      for (let at = 0; at < int32.length; at += 4) sum ^= int32.readInt32BE(at);
      return sum;
    },
    'ByteReader.i32': () => {
      const reader = new ByteReader(int32);
      let sum = 0;
      while (reader.remaining > 0) sum ^= reader.i32();
      return sum;
    },
  },
});

const int64 = valuesOf((writer) => writer.i64(random.below(Number.MAX_SAFE_INTEGER)));
await suite({
  title: 'read int64',
  baseline: 'Buffer.readBigInt64BE',
  opsPerCall: COUNT,
  cases: {
    'Buffer.readBigInt64BE': () => {
      let sum = 0n;
      for (let at = 0; at < int64.length; at += 8) sum ^= int64.readBigInt64BE(at);
      return sum;
    },
    'Buffer.readBigInt64BE to number': () => {
      let sum = 0;
      for (let at = 0; at < int64.length; at += 8) sum += Number(int64.readBigInt64BE(at));
      return sum;
    },
    'ByteReader.i64Big': () => {
      const reader = new ByteReader(int64);
      let sum = 0n;
      while (reader.remaining > 0) sum ^= reader.i64Big();
      return sum;
    },
    'ByteReader.i64': () => {
      const reader = new ByteReader(int64);
      let sum = 0;
      while (reader.remaining > 0) sum += reader.i64();
      return sum;
    },
    'ByteReader.i64Low, high': () => {
      const reader = new ByteReader(int64);
      let sum = 0;
      while (reader.remaining > 0) sum ^= reader.i64Low() ^ reader.high;
      return sum;
    },
  },
});

const varints = valuesOf((writer) => writer.varint(random.uint32() >> random.below(32)));
const varlongs = valuesOf((writer) => writer.varlong(random.below(2 ** random.between(1, 52))));
await suite({
  title: 'read varints',
  baseline: 'BigInt varlong',
  opsPerCall: COUNT,
  cases: {
    'BigInt varlong': () => {
      let at = 0;
      let sum = 0;
      while (at < varlongs.length) {
        let raw = 0n;
        let shift = 0n;
        let byte: number;
        do {
          byte = varlongs[at++] as number;
          raw |= BigInt(byte & 0x7f) << shift;
          shift += 7n;
        } while (byte >= 0x80);
        sum += Number((raw >> 1n) ^ -(raw & 1n));
      }
      return sum;
    },
    'ByteReader.varlong': () => {
      const reader = new ByteReader(varlongs);
      let sum = 0;
      while (reader.remaining > 0) sum += reader.varlong();
      return sum;
    },
    'ByteReader.varint': () => {
      const reader = new ByteReader(varints);
      let sum = 0;
      while (reader.remaining > 0) sum ^= reader.varint();
      return sum;
    },
  },
});

for (const length of [6, 12, 24, 48, 200]) {
  const word = 'orders-eu-west-1-payments-and-refunds.'.repeat(6).slice(0, length);
  const text = valuesOf((writer) => writer.utf8(word));
  await suite({
    title: `read ASCII text of ${length} bytes`,
    baseline: 'Buffer.toString',
    opsPerCall: COUNT,
    cases: {
      'Buffer.toString': () => {
        let sum = 0;
        for (let at = 0; at < text.length; at += length) sum += text.toString('utf8', at, at + length).length;
        return sum;
      },
      'ByteReader.utf8': () => {
        const reader = new ByteReader(text);
        let sum = 0;
        while (reader.remaining > 0) sum += reader.utf8(length).length;
        return sum;
      },
    },
  });
}
