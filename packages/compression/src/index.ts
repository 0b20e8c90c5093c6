/**
 * Kafka's compression codecs behind one bounded interface: synchronous, capped while they decompress, typed errors.
 *
 * @packageDocumentation
 */
export { type CodecLevels, compressionCodecs, gzipCodec, lz4Codec, snappyCodec, zstdCodec } from './codecs.ts';
export { COMPRESSION_LEVELS, type CompressionLevels, isCompressionLevel } from './levels.ts';
