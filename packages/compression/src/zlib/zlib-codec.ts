import { type CompressionCodec, CompressionError } from '@biquorum/kafka-wire';

/** What a call of Node's zlib needs beside the bytes to bound its output. */
export interface DecompressLimits {
  readonly maxOutputLength: number;
  /** Output is collected in pieces of this size. */
  readonly chunkSize: number;
}

/** Functions of `node:zlib` behind the codec interface. */
export interface ZlibFunctions {
  readonly compress: (bytes: Uint8Array) => Uint8Array;
  readonly decompress: (bytes: Uint8Array, limits: DecompressLimits) => Uint8Array;
}

const CHUNK_SIZE_MIN = 4 * 1024;
const CHUNK_SIZE_MAX = 512 * 1024;
/** What a batch usually gains: with pieces of so much, most come out in one and need no joining. */
const USUAL_EXPANSION = 6;

/** A codec over `node:zlib`, which ends as soon as the output exceeds the cap, and whose errors become typed ones. */
export function zlibCodec(type: 'gzip' | 'zstd', functions: ZlibFunctions): CompressionCodec {
  return {
    compress: (bytes) => plain(functions.compress(bytes)),
    decompress(bytes, maxBytes) {
      const usual = Math.min(bytes.length * USUAL_EXPANSION, maxBytes, CHUNK_SIZE_MAX);
      try {
        // Zero is no cap that zlib knows.
        const limits = { maxOutputLength: Math.max(maxBytes, 1), chunkSize: Math.max(usual, CHUNK_SIZE_MIN) };
        const output = plain(functions.decompress(bytes, limits));
        if (output.length <= maxBytes) return output;
      } catch (error) {
        throw typed(type, error, maxBytes);
      }
      throw tooLarge(type, maxBytes);
    },
  };
}

/** The same memory, but not a Buffer, whose `slice` does not copy. */
function plain(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function typed(type: 'gzip' | 'zstd', error: unknown, maxBytes: number): unknown {
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) return error;
  if (error.code === 'ERR_BUFFER_TOO_LARGE') return tooLarge(type, maxBytes);
  const ofInput = error.code.startsWith('Z_') || error.code.startsWith('ZSTD_');
  return ofInput ? new CompressionError(type, 'corrupt', error.message, { cause: error }) : error;
}

function tooLarge(type: 'gzip' | 'zstd', maxBytes: number): CompressionError {
  return new CompressionError(type, 'too-large', `output exceeds the ${maxBytes} bytes that are accepted`);
}
