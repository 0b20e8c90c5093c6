import { ByteReader, BytesError } from '@biquorum/std';

/** Commands that become one entry: each takes one index. */
export function encodeBatch(commands: readonly Uint8Array[], bytes: number): Uint8Array {
  const batch = new Uint8Array(bytes);
  const view = new DataView(batch.buffer);
  let at = 0;
  for (const command of commands) {
    view.setUint32(at, command.length);
    batch.set(command, at + 4);
    at += 4 + command.length;
  }
  return batch;
}

/** How many bytes a command takes in a batch. */
export function batchedBytes(command: Uint8Array): number {
  return command.length + 4;
}

/** Gives each command of a batch to `visit`. @throws BytesError when the bytes are no batch. */
export function visitBatch(batch: Uint8Array, visit: (command: Uint8Array, at: number) => void): void {
  const r = new ByteReader(batch);
  for (let at = 0; r.remaining > 0; at++) {
    const length = r.u32();
    if (length > r.remaining) throw new BytesError('underflow', r.offset, length, r.remaining);
    visit(r.take(length), at);
  }
}
