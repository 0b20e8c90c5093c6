import { Prng } from '@biquorum/std';

/** Bytes of one kind, the same in every run. */
export interface Sample {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const WORDS = ['order', 'shipped', 'payment', 'failed', 'timeout', '"id":', 'partition ', 'leader', ' broker'];

/** Lengths around everything that the formats treat apart: tails, wild copies, blocks. */
export const LENGTHS: readonly number[] = [
  0, 1, 2, 3, 4, 5, 7, 8, 12, 13, 14, 15, 16, 17, 18, 19, 20, 31, 32, 33, 63, 64, 65, 255, 256, 257, 1000, 32_767,
  32_768, 32_769, 65_535, 65_536, 65_537, 140_000,
];

export function samples(): Sample[] {
  return LENGTHS.flatMap((length) =>
    Object.entries(KINDS).map(([kind, fill]) => ({ name: `${length} bytes of ${kind}`, bytes: fill(length) })),
  );
}

/** Text as logs and events are made of. */
export function text(length: number): Uint8Array {
  const random = new Prng(7);
  let line = '';
  while (line.length < length) line += `${WORDS[random.below(WORDS.length)]}${random.below(30)}`;
  return new TextEncoder().encode(line).slice(0, length);
}

export function noise(length: number): Uint8Array {
  const random = new Prng(11);
  return Uint8Array.from({ length }, () => random.below(256));
}

const KINDS = {
  text,
  noise,
  zeros: (length: number): Uint8Array => new Uint8Array(length),
  'a period of 3': (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => index % 3),
  'a period of 11': (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => (index % 11) * 20),
  'four letters': (length: number): Uint8Array => noise(length).map((byte) => byte & 3),
};
