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

/** An index that knows the root, and what puts a node below it. */
function withRoot(seed: number): { nodes: NodeTable; index: PathIndex; add: (name: string) => number } {
  const nodes = new NodeTable();
  const index = new PathIndex(nodes, seed);
  const put = (name: Uint8Array, parent: number): number => {
    const node = nodes.add(name, parent, index.hashOf(parent, name), STAT);
    index.add(node);
    return node;
  };
  const root = put(new Uint8Array(0), NO_NODE);
  return { nodes, index, add: (name) => put(new TextEncoder().encode(name), root) };
}

test('paths that come and go are found as a Map finds them, whatever the seed', () => {
  const name = fc.oneof(
    fc.nat(40).map((at) => `n${at}`),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 4 }).filter((one) => !one.includes('/')),
  );
  fc.assert(
    fc.property(fc.integer(), fc.array(fc.tuple(name, fc.boolean()), { maxLength: 400 }), (seed, changes) => {
      const { nodes, index, add } = withRoot(seed);
      const model = new Map<string, number>();
      for (const [one, comes] of changes) {
        const known = model.get(one);
        expect(index.get(`/${one}`)).toBe(known);
        if (comes && known === undefined) model.set(one, add(one));
        else if (!comes && known !== undefined) {
          index.delete(known);
          nodes.remove(known);
          model.delete(one);
        }
      }
      expect(index.size).toBe(model.size + 1);
      for (const [one, node] of model) {
        expect(index.get(`/${one}`)).toBe(node);
        expect(nodes.path(node)).toBe(`/${one}`);
        expect(index.has(`//${one}`)).toBe(false);
        expect(index.has(one)).toBe(false);
      }
    }),
    { numRuns: 300, seed: 7 },
  );
});

test('a hundred thousand paths in a row are found within a few slots each', () => {
  const { index, add } = withRoot(1);
  for (let at = 0; at < 100_000; at++) add(`node-${String(at).padStart(10, '0')}`);
  const started = performance.now();
  for (let at = 0; at < 100_000; at++) expect(index.has(`/node-${String(at).padStart(10, '0')}`)).toBe(true);
  // Were they in one row, this would take minutes.
  expect(performance.now() - started).toBeLessThan(30_000);
});
