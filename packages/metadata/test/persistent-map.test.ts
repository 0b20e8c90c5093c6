import { PersistentMap } from '@biquorum/metadata';
import fc from 'fast-check';
import { expect, test } from 'vitest';

type Op = { readonly kind: 'set' | 'delete'; readonly key: string; readonly value: number };
const op: fc.Arbitrary<Op> = fc.record({
  kind: fc.constantFrom('set' as const, 'set' as const, 'delete' as const),
  key: fc.integer({ min: 0, max: 300 }).map((n) => `topic-${n}`),
  value: fc.integer(),
});

test('a sequence of edits gives what a plain map gives, and earlier maps stay as they were', () => {
  fc.assert(
    fc.property(fc.array(fc.array(op, { maxLength: 120 }), { maxLength: 8 }), (edits) => {
      let map = PersistentMap.empty<string, number>();
      const model = new Map<string, number>();
      const history: [PersistentMap<string, number>, Map<string, number>][] = [];
      for (const ops of edits) {
        history.push([map, new Map(model)]);
        const draft = map.edit();
        for (const { kind, key, value } of ops) {
          if (kind === 'set') {
            draft.set(key, value);
            model.set(key, value);
          } else expect(draft.delete(key)).toBe(model.delete(key));
          expect(draft.get(key)).toBe(model.get(key));
        }
        map = draft.finish();
      }
      history.push([map, model]);
      for (const [then, expected] of history) {
        expect(then.size).toBe(expected.size);
        expect(new Map(then)).toEqual(expected);
        for (const key of expected.keys()) expect(then.has(key)).toBe(true);
      }
    }),
    { numRuns: 60 },
  );
});

test('the same edits give the same order of iteration', () => {
  const build = (): string[] => {
    const draft = PersistentMap.empty<string, number>().edit();
    for (let i = 0; i < 5_000; i++) draft.set(`t${(i * 7919) % 5_000}`, i);
    return [...draft.finish().keys()];
  };
  expect(build()).toEqual(build());
});

test('changing one of 100,000 entries copies a small part of them', () => {
  const draft = PersistentMap.empty<number, number>().edit();
  for (let i = 0; i < 100_000; i++) draft.set(i, i);
  let map = draft.finish();
  const wholeCopy = timeOf(() => void new Map(map));
  const edits = timeOf(() => {
    for (let i = 0; i < 20; i++) {
      const edit = map.edit();
      edit.set(i, -1);
      map = edit.finish();
    }
  });
  expect(map.get(19)).toBe(-1);
  // Twenty edits together cost less than twenty whole copies by a wide margin, on a busy machine too.
  expect(edits).toBeLessThan(wholeCopy * 10);
});

function timeOf(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}
