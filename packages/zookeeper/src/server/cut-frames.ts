import type { FrameFault, FrameReader } from '@biquorum/std';

/**
 * Cuts frames out of what has arrived. Those that are whole in it share one copy of it, for memory of its own would cost
 * each small request more than all that is done with it; what is left goes to the reader, which puts it together.
 *
 * @param chunk borrowed for the call
 * @param onFrame is given each frame without its size prefix; its bytes are the receiver's
 * @returns why the stream is no longer usable, as the reader does
 */
export function cutFrames(
  reader: FrameReader,
  chunk: Uint8Array,
  frameBytesMax: number,
  onFrame: (frame: Uint8Array) => void,
): FrameFault | null {
  if (!reader.isBetween || !hasSeveral(chunk, frameBytesMax)) return reader.push(chunk);
  const own = chunk.slice();
  let at = 0;
  for (let size = sizeAt(own, at); size >= 0 && size <= frameBytesMax && at + 4 + size <= own.length; ) {
    onFrame(own.subarray(at + 4, at + 4 + size));
    at += 4 + size;
    size = sizeAt(own, at);
  }
  return at === own.length ? null : reader.push(own.subarray(at));
}

/** Whether more than one frame has come: alone, one is copied as well by the reader. */
function hasSeveral(chunk: Uint8Array, frameBytesMax: number): boolean {
  const size = sizeAt(chunk, 0);
  return size >= 0 && size <= frameBytesMax && chunk.length > 4 + size;
}

/** −1 when not all of it has come. */
function sizeAt(bytes: Uint8Array, at: number): number {
  if (at + 4 > bytes.length) return -1;
  const [a, b, c, d] = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]] as [number, number, number, number];
  return (a << 24) | (b << 16) | (c << 8) | d;
}
