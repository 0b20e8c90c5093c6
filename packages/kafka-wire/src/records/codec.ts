import type { CompressionType } from './compression-type.ts';

/**
 * One of Kafka's codecs, as this package uses it; `@biquorum/compression` has all four.
 *
 * Both calls are synchronous and keep nothing of their arguments.
 */
export interface CompressionCodec {
  /** The bytes, compressed as Java's producer frames them. */
  compress(bytes: Uint8Array): Uint8Array;

  /**
   * The original bytes. The cap holds while decompressing: no more than about `maxBytes` of output exist at any time.
   *
   * @param maxBytes the largest result that the caller accepts.
   * @param scratch memory that the result may be written into, so that no new memory is needed; the result is then a
   *   view of it and lives as long as the caller leaves it alone.
   * @throws CompressionError if the bytes are not what the codec writes, or hold more than `maxBytes`.
   */
  decompress(bytes: Uint8Array, maxBytes: number, scratch?: Uint8Array): Uint8Array;
}

/** The codecs that are at hand, by type. One that is missing makes its batches unreadable, with a fault that says so. */
export type CompressionCodecs = { readonly [Type in Exclude<CompressionType, 'none'>]?: CompressionCodec };

/**
 * Why bytes were not decompressed:
 *
 * - `corrupt`: they are not what the codec writes, or end too early.
 * - `too-large`: they hold more than the caller accepts.
 * - `unsupported`: they are well formed, but need something that is not there, like a dictionary.
 */
export type CompressionErrorCode = 'corrupt' | 'too-large' | 'unsupported';

/** The only error that a codec throws for the bytes it is given. */
export class CompressionError extends Error {
  override readonly name = 'CompressionError';
  readonly code: CompressionErrorCode;
  readonly type: CompressionType;

  constructor(
    type: CompressionType,
    code: CompressionErrorCode,
    detail: string,
    options?: { readonly cause?: unknown },
  ) {
    super(`${type}: ${detail}`, options);
    this.type = type;
    this.code = code;
  }
}
