import { createRequire } from 'node:module';
import { suite } from '@biquorum/bench';
import { compressionCodecs } from '@biquorum/compression';
import { compressionsAlgorithms } from '@platformatic/kafka';
import * as lz4Napi from 'lz4-napi';
import * as snappyNapi from 'snappy';
import { events } from './text.ts';

interface AsyncCodec {
  compress(encoder: { readonly buffer: Buffer }): Promise<Buffer>;
  decompress(buffer: Buffer): Promise<Buffer>;
}

const require = createRequire(import.meta.url);
const kafkajsGzip: AsyncCodec = require('kafkajs/src/protocol/message/compression/gzip');
const snappyjs: { compress(bytes: Buffer): Buffer; uncompress(bytes: Buffer): Buffer } = require('snappyjs');
const ours = compressionCodecs();
const MAX_BYTES = 1 << 24;
// What a broker has at hand once, and decompresses every batch into.
const scratch = new Uint8Array(MAX_BYTES);

for (const size of [1024, 16 * 1024, 256 * 1024]) {
  const plain = events(size);
  for (const type of ['gzip', 'snappy', 'lz4', 'zstd'] as const) {
    const theirs = compressionsAlgorithms[type];
    const compressed = Buffer.from(ours[type].compress(plain));
    await suite({
      title: `${type}: compress ${size / 1024} KiB of events`,
      baseline: '@platformatic/kafka',
      bytesPerOp: size,
      cases: {
        '@platformatic/kafka': () => theirs.compressSync(plain),
        biquorum: () => ours[type].compress(plain),
        ...(type === 'gzip' && { kafkajs: () => kafkajsGzip.compress({ buffer: plain }) }),
        ...(type === 'snappy' && {
          snappy: () => snappyNapi.compressSync(plain),
          snappyjs: () => snappyjs.compress(plain),
        }),
        ...(type === 'lz4' && { 'lz4-napi': () => lz4Napi.compressFrameSync(plain) }),
      },
    });
    const raw = type === 'snappy' ? snappyNapi.compressSync(plain) : compressed;
    await suite({
      title: `${type}: decompress ${size / 1024} KiB of events`,
      baseline: '@platformatic/kafka',
      bytesPerOp: size,
      cases: {
        '@platformatic/kafka': () => theirs.decompressSync(compressed),
        biquorum: () => ours[type].decompress(compressed, MAX_BYTES, scratch),
        'biquorum, new memory': () => ours[type].decompress(compressed, MAX_BYTES),
        ...(type === 'gzip' && { kafkajs: () => kafkajsGzip.decompress(compressed) }),
        ...(type === 'snappy' && {
          snappy: () => snappyNapi.uncompressSync(raw),
          snappyjs: () => snappyjs.uncompress(raw),
        }),
        ...(type === 'lz4' && { 'lz4-napi': () => lz4Napi.decompressFrameSync(compressed) }),
      },
    });
  }
}
