import type { ZooKeeperClient } from '@biquorum/zookeeper-client';

/** A node as one server shows it. */
export interface SeenNode {
  /** In base 64. */
  readonly data: string | null;
  readonly stat: unknown;
  readonly acl: unknown;
}

/** All nodes as a client sees them, by path. */
export type Tree = ReadonlyMap<string, SeenNode>;

/** A member of an ensemble writes this one by itself, when it starts. */
const OWN = '/zookeeper/config';
/** Requests under way at once. */
const AT_ONCE = 200;

/** Reads all nodes but the servers' own, after everything that the leader had accepted. */
export async function readAll(client: ZooKeeperClient): Promise<Tree> {
  await client.sync('/');
  const tree = new Map<string, SeenNode>();
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
        const node = { data: data === null ? null : Buffer.from(data).toString('base64'), stat, acl };
        if (path !== OWN) tree.set(path, node);
        return children.map((name) => (path === '/' ? `/${name}` : `${path}/${name}`));
      }),
    );
    paths = [...paths, ...found.flat()];
  }
  return tree;
}
