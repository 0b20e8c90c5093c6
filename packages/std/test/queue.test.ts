import { AssertionError, Queue } from '@biquorum/std';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const steps = fc.array(fc.constantFrom('push', 'push', 'push', 'shift', 'shift', 'clear' as const), {
  maxLength: 400,
  size: 'max',
});

describe('Queue', () => {
  it('behaves as an array that is pushed and shifted', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 40 }), (all, capacity) => {
        const queue = new Queue<number>(capacity);
        let model: number[] = [];
        for (const [index, step] of all.entries()) {
          if (step === 'push') {
            if (queue.full) expect(() => queue.push(index)).toThrow(AssertionError);
            else {
              queue.push(index);
              model.push(index);
            }
          } else if (step === 'shift') {
            expect(queue.shift()).toBe(model.shift());
          } else if (index % 7 === 0) {
            queue.clear();
            model = [];
          }
          expect([...queue]).toEqual(model);
          expect([queue.size, queue.peek(), queue.full]).toEqual([model.length, model[0], model.length === capacity]);
        }
      }),
    );
  });

  it('grows without a bound when none is given', () => {
    const queue = new Queue<number>();
    for (let value = 0; value < 10_000; value++) queue.push(value);
    for (let value = 0; value < 10_000; value++) expect(queue.shift()).toBe(value);
  });

  it('refuses a capacity that holds nothing', () => {
    expect(() => new Queue(0)).toThrow(AssertionError);
  });
});
