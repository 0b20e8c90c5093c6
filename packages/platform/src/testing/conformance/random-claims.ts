import { check } from './checks.ts';
import { type Claim, claim } from './kit.ts';

/** What all randomness does. The bounds are wide: they fail by chance once in more than 10⁹ runs. */
export const randomClaims: readonly Claim[] = [
  claim('words are whole, within 32 bits and spread over them', async ({ ports: { random } }) => {
    const buckets = new Array<number>(16).fill(0);
    for (let draw = 0; draw < 16_000; draw++) {
      const word = random.uint32();
      check(Number.isInteger(word) && word >= 0 && word < 2 ** 32, `${word} is no word of 32 bits`);
      const bucket = Math.floor(word / 2 ** 28);
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
    }
    // 1,000 expected, with a deviation of about 31.
    for (const count of buckets) check(count > 780 && count < 1_220, `uneven: ${buckets.join(', ')}`);
  }),

  claim('all bytes are filled, and differently each time', async ({ ports: { random } }) => {
    for (const length of [0, 1, 3, 16, 1_000]) {
      const seen = new Uint8Array(length);
      // A byte stays zero through 20 fillings with a chance of 256⁻²⁰.
      for (let filling = 0; filling < 20; filling++) {
        const bytes = new Uint8Array(length);
        random.fill(bytes);
        for (const [index, byte] of bytes.entries()) seen[index] = (seen[index] ?? 0) | byte;
      }
      check(!seen.includes(0), `byte ${seen.indexOf(0)} of ${length} was never filled`);
    }
    const [first, second] = [new Uint8Array(16), new Uint8Array(16)];
    random.fill(first);
    random.fill(second);
    check(first.join() !== second.join(), 'the same bytes twice');
  }),
];
