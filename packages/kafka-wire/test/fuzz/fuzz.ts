import { Prng } from '@biquorum/std';
import { toHex } from '../support/hex.ts';
import { mutate } from './mutate.ts';
import type { Target } from './targets.ts';

/** An input on which a decoder misbehaved. */
export interface Finding {
  readonly target: string;
  readonly hex: string;
  readonly error: unknown;
}

/**
 * Feeds a target changed copies of its corpus.
 *
 * @param isOver Asked after every batch of inputs whether to stop.
 * @returns The number of inputs, and the first on which the target misbehaved.
 */
export function fuzz(
  target: Target,
  seed: number,
  inputs: number,
  isOver: () => boolean,
): { readonly inputs: number; readonly finding: Finding | undefined } {
  const prng = new Prng(seed);
  const { corpus } = target;
  const pick = (): Uint8Array => corpus[prng.below(corpus.length)] as Uint8Array;
  for (let input = 0; input < inputs; input++) {
    if (input % BATCH === BATCH - 1 && isOver()) return { inputs: input, finding: undefined };
    const bytes = mutate(prng, pick(), pick());
    try {
      target.check(bytes);
    } catch (error) {
      return { inputs: input + 1, finding: { target: target.title, hex: toHex(bytes), error } };
    }
  }
  return { inputs, finding: undefined };
}

const BATCH = 16;
