import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { OPEN_ACL } from '@biquorum/zookeeper-wire';
import { expect, test } from 'vitest';
import { DataTree } from '../../src/index.ts';

const NODES = 100_000;
const FOLDER = 1_000;
/** Columns and the index of paths grow by an eighth at most, beyond 65,536 nodes. */
const OWN_BYTES = 130;
/** What only nodes with children, owners or an ACL of their own have. */
const ROW_BYTES = 48;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function memory(): { readonly heap: number; readonly outside: number } {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return { heap: heapUsed, outside: arrayBuffers };
}

function add(tree: DataTree, path: string, data: Uint8Array | null, zxid: number): void {
  tree.createNode(path, { data, acl: OPEN_ACL, owner: 0n, parentCVersion: -1 }, zxid, zxid);
}

/** Of one more node. What is compiled and cached at first is not the nodes'. */
function bytesOfNode(grow: (tree: DataTree, from: number) => void): {
  readonly heap: number;
  readonly outside: number;
} {
  const tree = new DataTree();
  grow(tree, 0);
  const [before, count] = [memory(), tree.nodeCount];
  grow(tree, NODES);
  const after = memory();
  const nodes = tree.nodeCount - count;
  expect(nodes).toBeGreaterThanOrEqual(NODES);
  return { heap: (after.heap - before.heap) / nodes, outside: (after.outside - before.outside) / nodes };
}

test.each([
  { what: 'in folders', folders: true, name: 13, data: 100 },
  { what: 'below one parent', folders: false, name: 13, data: 100 },
  { what: 'with no data', folders: false, name: 13, data: 0 },
  { what: 'with names of 40 bytes', folders: true, name: 40, data: 100 },
])('a node takes no more than name, data and 130 bytes, and none of it is an object: $what', (given) => {
  const data = new Uint8Array(given.data).fill(0x61);
  const { heap, outside } = bytesOfNode((tree, from) => {
    for (let at = from; at < from + NODES; at++) {
      const folder = given.folders ? `/folder-${Math.floor(at / FOLDER)}` : '';
      if (given.folders && at % FOLDER === 0) add(tree, folder, null, at + 1);
      add(tree, `${folder}/${`node-${String(at).padStart(8, '0')}`.padEnd(given.name, '-')}`, data, at + 1);
    }
  });
  // Names and data lie in steps of eight bytes.
  expect(outside).toBeLessThan(8 * (Math.ceil(given.name / 8) + Math.ceil(given.data / 8)) + OWN_BYTES);
  expect(heap).toBeLessThan(16);
});

test('a node that has a child of its own takes 48 bytes more', () => {
  const { heap, outside } = bytesOfNode((tree, from) => {
    for (let at = from; at < from + NODES; at += 2) {
      const path = `/node-${String(at).padStart(8, '0')}`;
      add(tree, path, null, at + 1);
      add(tree, `${path}/lock`, null, at + 2);
    }
  });
  expect(outside).toBeLessThan(12 + OWN_BYTES + ROW_BYTES / 2);
  expect(heap).toBeLessThan(16);
});
