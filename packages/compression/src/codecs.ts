import { constants, gunzipSync, gzipSync, zstdCompressSync } from 'node:zlib';
import type { CompressionCodec, CompressionCodecs } from '@biquorum/kafka-wire';
import { assert } from '@biquorum/std';
import { COMPRESSION_LEVELS, isCompressionLevel } from './levels.ts';
import { readLz4Frame } from './lz4/read-frame.ts';
import { writeLz4Frame } from './lz4/write-frame.ts';
import { readSnappy, writeXerial } from './snappy/xerial.ts';
import { zlibCodec } from './zlib/zlib-codec.ts';
import { decompressZstdFrames } from './zlib/zstd-frames.ts';

/** Effort of compression for each codec that has levels; what is left out is Kafka's default. */
export interface CodecLevels {
  /** `compression.gzip.level`: 1 to 9, −1 for zlib's default. */
  readonly gzip?: number;
  /** `compression.lz4.level`: 1 to 17; all mean the one compressor that the library has. */
  readonly lz4?: number;
  /** `compression.zstd.level`: −131072 to 22. */
  readonly zstd?: number;
}

/** gzip (RFC 1952) by Node's zlib; reads members that follow each other. */
export function gzipCodec(level: number = COMPRESSION_LEVELS.gzip.default): CompressionCodec {
  checkLevel('gzip', level);
  return zlibCodec('gzip', {
    compress: (bytes) => gzipSync(bytes, { level }),
    decompress: (bytes, limits) => gunzipSync(bytes, limits),
  });
}

/** Zstandard (RFC 8878) by Node's zlib; reads frames that follow each other. */
export function zstdCodec(level: number = COMPRESSION_LEVELS.zstd.default): CompressionCodec {
  checkLevel('zstd', level);
  const params = { [constants.ZSTD_c_compressionLevel]: level };
  return zlibCodec('zstd', {
    compress: (bytes) => zstdCompressSync(bytes, { params }),
    decompress: decompressZstdFrames,
  });
}

/** Snappy in the framing of Java's client; reads raw blocks too. */
export function snappyCodec(): CompressionCodec {
  return { compress: writeXerial, decompress: readSnappy };
}

/** LZ4 frames as Java's client writes them; reads any frame without a dictionary. */
export function lz4Codec(level: number = COMPRESSION_LEVELS.lz4.default): CompressionCodec {
  checkLevel('lz4', level);
  return { compress: writeLz4Frame, decompress: readLz4Frame };
}

/** All four codecs, as whoever opens or builds batches wants them. */
export function compressionCodecs(levels: CodecLevels = {}): Required<CompressionCodecs> {
  return {
    gzip: gzipCodec(levels.gzip),
    snappy: snappyCodec(),
    lz4: lz4Codec(levels.lz4),
    zstd: zstdCodec(levels.zstd),
  };
}

function checkLevel(type: 'gzip' | 'lz4' | 'zstd', level: number): void {
  const { min, max, default: usual } = COMPRESSION_LEVELS[type];
  assert(isCompressionLevel(type, level), () => `${type} level ${level} must be in ${min}..${max} or ${usual}`);
}
