import { randomFillSync } from 'node:crypto';
import type { Random } from '../random.ts';

/** The system's generator of secrets. Single words are drawn in advance, 1,024 at a time. */
export function createNodeRandom(): Random {
  const words = new Uint32Array(1_024);
  let next = words.length;
  return {
    uint32() {
      if (next === words.length) {
        randomFillSync(words);
        next = 0;
      }
      return words[next++] as number;
    },
    fill(bytes) {
      randomFillSync(bytes);
    },
  };
}
