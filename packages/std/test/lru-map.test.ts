import { AssertionError, LruMap } from '@biquorum/std';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const keys = fc.nat({ max: 9 });
const steps = fc.array(
  fc.oneof(
    fc.tuple(fc.constant('set' as const), keys),
    fc.tuple(fc.constant('get' as const), keys),
    fc.tuple(fc.constant('peek' as const), keys),
    fc.tuple(fc.constant('delete' as const), keys),
  ),
  { maxLength: 200, size: 'max' },
);

describe('LruMap', () => {
  it('keeps what was used last', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 6 }), (all, capacity) => {
        const evicted: [number, number][] = [];
        const map = new LruMap<number, number>(capacity, (value, key) => evicted.push([key, value]));
        // From the least to the most recently used.
        let model: [number, number][] = [];
        const expectedEvicted: [number, number][] = [];
        for (const [value, [step, key]] of all.entries()) {
          const entry = model.find(([other]) => other === key);
          const others = model.filter((other) => other !== entry);
          if (step === 'set') {
            map.set(key, value);
            model = [...others, [key, value]];
            if (model.length > capacity) expectedEvicted.push(model.shift() as [number, number]);
          } else if (step === 'get') {
            expect(map.get(key)).toBe(entry?.[1]);
            if (entry !== undefined) model = [...others, entry];
          } else if (step === 'peek') {
            expect([map.peek(key), map.has(key)]).toEqual([entry?.[1], entry !== undefined]);
          } else {
            expect(map.delete(key)).toBe(entry !== undefined);
            model = others;
          }
          expect([...map]).toEqual(model);
          expect(map.size).toBe(model.length);
        }
        expect(evicted).toEqual(expectedEvicted);
      }),
    );
  });

  it('counts an entry whose value is undefined', () => {
    const map = new LruMap<string, undefined>(2);
    map.set('a', undefined);
    map.set('b', undefined);
    map.get('a');
    map.set('c', undefined);
    expect([...map].map(([key]) => key)).toEqual(['a', 'c']);
  });

  it('hands nothing over when entries are cleared, deleted or overwritten', () => {
    const evicted: string[] = [];
    const map = new LruMap<string, number>(2, (_, key) => evicted.push(key));
    map.set('a', 1);
    map.set('a', 2);
    map.delete('a');
    map.set('b', 3);
    map.clear();
    expect([map.size, evicted]).toEqual([0, []]);
  });

  it('refuses a capacity that holds nothing', () => {
    expect(() => new LruMap(0)).toThrow(AssertionError);
    expect(() => new LruMap(1.5)).toThrow(AssertionError);
  });
});
