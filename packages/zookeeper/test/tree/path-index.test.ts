import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NO_NODE, NodeTable } from '../../src/tree/node-table.ts';
import { PathIndex } from '../../src/tree/path-index.ts';

const STAT = {
  czxid: 0,
  mzxid: 0,
  ctimeMs: 0,
  mtimeMs: 0,
  version: 0,
  cversion: 0,
  aversion: 0,
  ephemeralOwner: 0n,
  pzxid: 0,
};

test('paths that come and go are found as a Map finds them, whatever the seed', () => {
  const path = fc.oneof(
    fc.nat(40).map((at) => `/n${at}`),
    fc.string({ maxLength: 4 }),
  );
  fc.assert(
    fc.property(fc.integer(), fc.array(fc.tuple(path, fc.boolean()), { maxLength: 400 }), (seed, changes) => {
      const nodes = new NodeTable();
      const index = new PathIndex(nodes, seed);
      const model = new Map<string, number>();
      for (const [one, comes] of changes) {
        const known = model.get(one);
        expect(index.get(one)).toBe(known);
        if (comes && known === undefined) {
          const node = nodes.add(one, NO_NODE, STAT);
          index.add(node);
          model.set(one, node);
        } else if (!comes && known !== undefined) {
          index.delete(known);
          nodes.remove(known);
          model.delete(one);
        }
      }
      expect(index.size).toBe(model.size);
      for (const [one, node] of model) expect(index.get(one)).toBe(node);
    }),
    { numRuns: 300, seed: 7 },
  );
});

test('a hundred thousand paths in a row are found within a few slots each', () => {
  const nodes = new NodeTable();
  const index = new PathIndex(nodes, 1);
  for (let at = 0; at < 100_000; at++) index.add(nodes.add(`/app/node-${String(at).padStart(10, '0')}`, NO_NODE, STAT));
  const started = performance.now();
  for (let at = 0; at < 100_000; at++) expect(index.has(`/app/node-${String(at).padStart(10, '0')}`)).toBe(true);
  // Were they in one row, this would take minutes.
  expect(performance.now() - started).toBeLessThan(30_000);
});
