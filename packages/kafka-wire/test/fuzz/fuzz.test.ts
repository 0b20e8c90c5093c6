import { describe, expect, it } from 'vitest';
import { fuzz } from './fuzz.ts';
import { allTargets, type Target } from './targets.ts';

// Long enough for some inputs to every decoder, and a minute in CI; `pnpm --filter @biquorum/kafka-wire fuzz` goes on as
// long as wanted.
const inCi = process.env['CI'] === 'true';
const SECONDS = inCi ? 60 : 6;
const INPUTS = inCi ? 1_000_000 : 500;
// The same inputs in every run; the command draws new ones.
const SEED = 1;

describe('whatever the bytes', () => {
  it('every decoder reads them as the interpreter does, or refuses them with a ProtocolError', {
    timeout: 120_000,
  }, () => {
    const targets = allTargets();
    const started = performance.now();
    targets.forEach((target, index) => {
      const deadline = started + (SECONDS * 1000 * (index + 1)) / targets.length;
      const { finding } = fuzz(target, SEED, INPUTS, () => performance.now() >= deadline);
      expect(finding, `${finding?.target}, seed ${SEED}`).toBeUndefined();
    });
  });
});

describe('the fuzzer', () => {
  it('finds a decoder that throws something else', () => {
    const broken: Target = {
      title: 'broken',
      corpus: [new Uint8Array([1, 2, 3])],
      check: (bytes) => {
        if (bytes[1] === 0xff) throw new RangeError('not a ProtocolError');
      },
    };
    expect(fuzz(broken, 1, 10_000, () => false).finding).toMatchObject({ target: 'broken' });
  });
});
