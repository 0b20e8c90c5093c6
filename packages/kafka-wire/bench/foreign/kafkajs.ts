import { createRequire } from 'node:module';

/** The part of kafkajs's decoder that the benches use. */
export interface KafkajsDecoder {
  readInt8(): number;
  readInt16(): number;
  readInt32(): number;
  readInt64(): bigint;
  readString(): string | null;
  readBytes(): Buffer | null;
  readBoolean(): boolean;
  readArray<T>(read: (decoder: KafkajsDecoder) => T): T[];
}

/** The part of kafkajs's encoder that the benches use. */
export interface KafkajsEncoder {
  readonly buffer: Buffer;
  writeInt16(value: number): KafkajsEncoder;
  writeInt32(value: number): KafkajsEncoder;
  writeInt64(value: number): KafkajsEncoder;
  writeString(value: string | null): KafkajsEncoder;
  writeBytes(value: Uint8Array | null): KafkajsEncoder;
  writeBoolean(value: boolean): KafkajsEncoder;
  writeArray(array: readonly unknown[], type?: 'int32' | 'string'): KafkajsEncoder;
  writeNullableArray(array: readonly unknown[]): KafkajsEncoder;
}

// kafkajs only is a client. Its own building blocks, put together the way its sources do it, make it read requests and
// write responses too.
const require = createRequire(import.meta.url);
export const Decoder: new (buffer: Buffer) => KafkajsDecoder = require('kafkajs/src/protocol/decoder');
export const Encoder: new () => KafkajsEncoder = require('kafkajs/src/protocol/encoder');
export const kafkajsCrc32c: (bytes: Buffer) => number = require('kafkajs/src/protocol/recordBatch/crc32C');
export const kafkajsBatch: (
  decoder: KafkajsDecoder,
) => Promise<{ readonly records: readonly unknown[] }> = require('kafkajs/src/protocol/recordBatch/v0/decoder');
