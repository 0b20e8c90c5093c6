import { deepStrictEqual } from 'node:assert';
import type { Tree } from '../zookeeper-tree/read-all.ts';

/** @throws {AssertionError} when nodes of `before` (but for the root, which has got children) are others now */
export function checkKept(before: Tree, after: Tree): void {
  for (const [path, node] of before) if (path !== '/') deepStrictEqual(after.get(path), node, path);
}

/** @throws {AssertionError} when the trees differ */
export function checkSame(before: Tree, after: Tree): void {
  deepStrictEqual([...after.keys()].toSorted(), [...before.keys()].toSorted());
  for (const [path, node] of before) deepStrictEqual(after.get(path), node, path);
}
