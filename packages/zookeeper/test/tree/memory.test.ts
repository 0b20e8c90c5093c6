import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { OPEN_ACL } from '@biquorum/zookeeper-wire';
import { expect, test } from 'vitest';
import { DataTree } from '../../src/index.ts';

const NODES = 100_000;
const FOLDER = 1_000;

test('a node takes no more than its name, its data and a hundred and thirty bytes, and none of it is an object', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const memory = (): { heap: number; outside: number } => {
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return { heap: heapUsed, outside: arrayBuffers };
  };
  const tree = new DataTree();
  const data = new Uint8Array(100).fill(0x61);
  const grow = (from: number): void => {
    for (let at = from; at < from + NODES; at++) {
      const folder = `/folder-${Math.floor(at / FOLDER)}`;
      const node = { data, acl: OPEN_ACL, owner: 0n, parentCVersion: -1 };
      if (at % FOLDER === 0) tree.createNode(folder, node, at + 1, at);
      tree.createNode(`${folder}/node-${String(at).padStart(8, '0')}`, node, at + 1, at);
    }
  };
  // What is compiled and cached at first is not the nodes'.
  grow(0);
  const before = memory();
  grow(NODES);
  const after = memory();
  expect(tree.nodeCount).toBe(2 * (NODES + NODES / FOLDER) + 5);
  // Columns grow by an eighth at most, beyond 65,536 nodes.
  expect((after.outside - before.outside) / NODES).toBeLessThan(13 + 100 + 130);
  expect((after.heap - before.heap) / NODES).toBeLessThan(16);
});
