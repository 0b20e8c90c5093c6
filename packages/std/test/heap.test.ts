import { Heap } from '@biquorum/std';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

interface Entry {
  readonly key: number;
  readonly serial: number;
}

const byKey = (a: Entry, b: Entry): number => a.key - b.key;

/** A push of a key, or a pop. */
const steps = fc.array(fc.oneof({ weight: 3, arbitrary: fc.nat({ max: 8 }) }, fc.constant('pop' as const)), {
  maxLength: 300,
  size: 'max',
});

describe('Heap', () => {
  it('gives elements back in order, equal ones in the order in which they came', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const heap = new Heap(byKey);
        const model: Entry[] = [];
        for (const [serial, step] of all.entries()) {
          if (step === 'pop') {
            expect(heap.pop()).toEqual(model.shift());
          } else {
            heap.push({ key: step, serial });
            model.push({ key: step, serial });
            // The sort of arrays is stable.
            model.sort(byKey);
          }
          expect(heap.size).toBe(model.length);
          expect(heap.peek()).toEqual(model[0]);
        }
        while (model.length > 0) expect(heap.pop()).toEqual(model.shift());
        expect(heap.pop()).toBeUndefined();
      }),
    );
  });

  it('is empty after it was cleared, and works on', () => {
    const heap = new Heap<number>((a, b) => a - b);
    for (const value of [3, 1, 2]) heap.push(value);
    heap.clear();
    expect([heap.size, heap.peek(), heap.pop()]).toEqual([0, undefined, undefined]);
    heap.push(5);
    expect(heap.pop()).toBe(5);
  });
});
