import { zstdDecompressSync } from 'node:zlib';
import { CompressionError } from '@biquorum/kafka-wire';
import { assert } from '@biquorum/std';
import type { DecompressLimits } from './zlib-codec.ts';

/** Each frame costs Node some 50 µs, however small it is: a batch of nothing but frames must not stall the process. */
const FRAMES_MAX = 128;

/**
 * Decompresses Zstandard frames that follow each other, skippable ones included. Node's function stops behind the first
 * one, and tells how far it read only if asked.
 *
 * @throws CompressionError `unsupported` if there are more than 128 frames; Node's errors for all else.
 */
export function decompressZstdFrames(bytes: Uint8Array, limits: DecompressLimits): Uint8Array {
  const frames: Uint8Array[] = [];
  let { maxOutputLength } = limits;
  for (let at = 0; at < bytes.length; ) {
    if (frames.length === FRAMES_MAX) {
      throw new CompressionError('zstd', 'unsupported', `more than ${FRAMES_MAX} frames; write one frame a batch`);
    }
    const options = { ...limits, maxOutputLength: Math.max(maxOutputLength, 1), info: true };
    const { buffer, engine } = zstdDecompressSync(bytes.subarray(at), options) as unknown as DecompressedFrame;
    assert(engine.bytesWritten > 0, 'zstd consumed nothing and reported nothing');
    at += engine.bytesWritten;
    maxOutputLength -= buffer.length;
    frames.push(buffer);
  }
  return frames.length === 1 ? (frames[0] as Uint8Array) : concatenate(frames);
}

/** What the functions of `node:zlib` return with the option `info`. */
interface DecompressedFrame {
  readonly buffer: Uint8Array;
  /** Named from the engine's point of view: what was written to it, that is read by it. */
  readonly engine: { readonly bytesWritten: number };
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
