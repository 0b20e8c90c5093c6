import { deepStrictEqual } from 'node:assert';
import type { ZooKeeperClient } from '@biquorum/zookeeper-client';

/** The whole tree as a client sees it, by path. */
export type Tree = ReadonlyMap<string, unknown>;

/** A member of an ensemble writes this one by itself, when it starts. */
const OWN = '/zookeeper/config';
/** Requests under way at once. */
const AT_ONCE = 300;

/** Reads all nodes but the servers' own: data, state, ACL. */
export async function readTree(client: ZooKeeperClient): Promise<Tree> {
  await client.sync('/');
  const tree = new Map<string, unknown>();
  let paths = ['/'];
  while (paths.length > 0) {
    const batch = paths.splice(0, AT_ONCE);
    const found = await Promise.all(
      batch.map(async (path) => {
        const [{ data, stat }, { acl }, { children }] = await Promise.all([
          client.getData(path),
          client.getAcl(path),
          client.getChildren(path),
        ]);
        if (path !== OWN)
          tree.set(path, { data: data === null ? null : Buffer.from(data).toString('base64'), stat, acl });
        return children.map((name) => (path === '/' ? `/${name}` : `${path}/${name}`));
      }),
    );
    paths = [...paths, ...found.flat()];
  }
  return tree;
}

/** @throws {AssertionError} when nodes of `before` (but for the root, which has got children) are others now */
export function checkKept(before: Tree, after: Tree): void {
  for (const [path, node] of before) if (path !== '/') deepStrictEqual(after.get(path), node, path);
}

/** @throws {AssertionError} when the trees differ */
export function checkSame(before: Tree, after: Tree): void {
  deepStrictEqual([...after.keys()].toSorted(), [...before.keys()].toSorted());
  for (const [path, node] of before) deepStrictEqual(after.get(path), node, path);
}
