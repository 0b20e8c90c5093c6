import type { Prng } from '@biquorum/std';

/** Bytes that lengths, counts, tags and null markers turn on. */
const TELLING = [0x00, 0x01, 0x02, 0x7f, 0x80, 0x81, 0xfe, 0xff];
const MAX_CHANGES = 4;
const MAX_INSERTED = 12;

/** A changed copy: some bytes set, flipped, removed, inserted or repeated, or the end cut off or taken from another. */
export function mutate(prng: Prng, bytes: Uint8Array, other: Uint8Array): Uint8Array {
  let changed: Uint8Array = bytes.slice();
  for (let change = prng.below(MAX_CHANGES); change >= 0; change--) changed = mutateOnce(prng, changed, other);
  return changed;
}

function mutateOnce(prng: Prng, bytes: Uint8Array, other: Uint8Array): Uint8Array {
  const at = prng.below(bytes.length + 1);
  const count = 1 + prng.below(MAX_INSERTED);
  switch (prng.below(8)) {
    case 0:
      return bytes.slice(0, at);
    case 1:
      return splice(bytes, at, Math.min(count, bytes.length - at), new Uint8Array());
    case 2:
      return splice(
        bytes,
        at,
        0,
        Uint8Array.from({ length: count }, () => prng.below(256)),
      );
    case 3:
      return splice(bytes, at, 0, bytes.subarray(at, at + count));
    case 4:
      return splice(bytes, at, bytes.length - at, other.subarray(prng.below(other.length + 1)));
    case 5:
      // An unsigned varint of five bytes, or the start of a large int32.
      return splice(bytes, at, Math.min(5, bytes.length - at), Uint8Array.of(0xff, 0xff, 0xff, 0xff, prng.below(16)));
    case 6:
      return set(bytes, at, TELLING[prng.below(TELLING.length)] as number);
    default:
      return set(bytes, at, (bytes[at] ?? 0) ^ (1 << prng.below(8)));
  }
}

function set(bytes: Uint8Array, at: number, value: number): Uint8Array {
  if (at < bytes.length) bytes[at] = value;
  return bytes;
}

function splice(bytes: Uint8Array, at: number, removed: number, inserted: Uint8Array): Uint8Array {
  const result = new Uint8Array(bytes.length - removed + inserted.length);
  result.set(bytes.subarray(0, at));
  result.set(inserted, at);
  result.set(bytes.subarray(at + removed), at + inserted.length);
  return result;
}
