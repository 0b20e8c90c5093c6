/**
 * The ground under every other package: asserts that stay on, branded numbers, a deterministic random generator,
 * containers, a timing wheel, bounded byte readers and writers, CRC-32C, SHA-2 and base64. Pure: no clock, no I/O, no Node.
 *
 * @packageDocumentation
 */
export { adler32 } from './adler32.ts';
export { AssertionError, assert, unreachable } from './assert.ts';
export { decodeBase64, encodeBase64 } from './base64.ts';
export type { Brand } from './brand.ts';
export { ByteReader } from './byte-reader.ts';
export { ByteWriter, type ByteWriterOptions, type Payload } from './byte-writer.ts';
export { BytesError, type BytesErrorCode } from './bytes-error.ts';
export { crc32 } from './crc32.ts';
export { crc32c } from './crc32c.ts';
export { FramePool } from './frame-pool.ts';
export { type FrameFault, FrameReader } from './frame-reader.ts';
export { type Compare, Heap } from './heap.ts';
export { lowerBound } from './lower-bound.ts';
export { LruMap } from './lru-map.ts';
export { Prng, type Seed } from './prng.ts';
export { Queue } from './queue.ts';
export { hmac, type Sha2, sha256, sha512 } from './sha2.ts';
export { type Timer, TimingWheel, type TimingWheelOptions } from './timing-wheel.ts';
export { decodeUtf8, type Malformed, utf8Length } from './utf8.ts';
export { sizeOfUvarint, sizeOfVarint, sizeOfVarlong } from './varint.ts';
