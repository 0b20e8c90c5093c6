import type { ZooKeeperClient } from '@biquorum/zookeeper-client';
import { ZooKeeperError } from '@biquorum/zookeeper-client';
import { aclLines, permsText } from './acl.ts';
import { statJson, statLines } from './stat.ts';
import type { ZkCommand } from './zk-command.ts';

const decoder = new TextDecoder();

const ls: ZkCommand = {
  name: 'ls',
  synopsis: '[-s] [-w] [-R] path',
  summary: 'children of a node; -s with its state, -w with a watch, -R everything below',
  switches: 'swR',
  argumentCount: [1, 1],
  async run({ client, watch, progress }, given) {
    const { path } = given;
    if (given.has('R')) {
      const paths = await descendants(client, path, (count) => progress(`${count} nodes`));
      return { lines: paths, json: { path, paths } };
    }
    const { children, stat } = await client.getChildren(path, given.has('w') ? watch : undefined);
    const sorted = children.toSorted();
    return {
      lines: [`[${sorted.join(', ')}]`, ...(given.has('s') ? statLines(stat) : [])],
      json: { path, children: sorted, ...(given.has('s') ? { stat: statJson(stat) } : {}) },
    };
  },
};

const get: ZkCommand = {
  name: 'get',
  synopsis: '[-s] [-w] [-b] path',
  summary: "a node's data; -s with its state, -w with a watch, -b as base64",
  switches: 'swb',
  argumentCount: [1, 1],
  async run({ client, watch }, given) {
    const { path } = given;
    const { data, stat } = await client.getData(path, given.has('w') ? watch : undefined);
    const text = data === null ? 'null' : given.has('b') ? Buffer.from(data).toString('base64') : decoder.decode(data);
    return {
      lines: [text, ...(given.has('s') ? statLines(stat) : [])],
      json: { path, data: data === null ? null : text, ...(given.has('s') ? { stat: statJson(stat) } : {}) },
    };
  },
};

const stat: ZkCommand = {
  name: 'stat',
  synopsis: '[-w] path',
  summary: "a node's state; -w with a watch",
  switches: 'w',
  argumentCount: [1, 1],
  async run({ client, watch }, given) {
    const found = await client.exists(given.path, given.has('w') ? watch : undefined);
    if (found === undefined) throw new ZooKeeperError('NoNode', given.path);
    return { lines: statLines(found), json: { path: given.path, stat: statJson(found) } };
  },
};

const getAcl: ZkCommand = {
  name: 'getAcl',
  synopsis: '[-s] [-R] path',
  summary: "a node's access control list; -s with its state, -R of everything below, too",
  switches: 'sR',
  argumentCount: [1, 1],
  async run({ client }, given) {
    const paths = given.has('R') ? await descendants(client, given.path) : [given.path];
    const found = await Promise.all(paths.map(async (path) => ({ path, ...(await client.getAcl(path)) })));
    return {
      lines: found.flatMap((node) => [
        ...(given.has('R') ? [`${node.path}: `] : []),
        ...node.acl.flatMap(aclLines),
        ...(given.has('s') ? statLines(node.stat) : []),
      ]),
      json: found.map((node) => ({
        path: node.path,
        acl: node.acl.map(({ perms, id }) => ({ ...id, perms: permsText(perms) })),
        ...(given.has('s') ? { stat: statJson(node.stat) } : {}),
      })),
    };
  },
};

const getEphemerals: ZkCommand = {
  name: 'getEphemerals',
  synopsis: '[path]',
  summary: 'ephemeral nodes of this session, at and below a path',
  argumentCount: [0, 1],
  async run({ client }, given) {
    const paths = (await client.getEphemerals(given.path === '' ? '/' : given.path)).toSorted();
    return { lines: [`[${paths.join(', ')}]`], json: { ephemerals: paths } };
  },
};

const getAllChildrenNumber: ZkCommand = {
  name: 'getAllChildrenNumber',
  synopsis: 'path',
  summary: 'how many nodes lie below a path, however deep',
  argumentCount: [1, 1],
  async run({ client }, given) {
    const count = await client.countDescendants(given.path);
    return { lines: [String(count)], json: { path: given.path, count } };
  },
};

const whoami: ZkCommand = {
  name: 'whoami',
  synopsis: '',
  summary: 'the identities of this connection',
  argumentCount: [0, 0],
  async run({ client }) {
    const identities = await client.whoAmI();
    return {
      lines: ['Auth scheme: User', ...identities.map(({ authScheme, user }) => `${authScheme}: ${user}`)],
      json: { identities },
    };
  },
};

const sync: ZkCommand = {
  name: 'sync',
  synopsis: 'path',
  summary: 'wait until the server has caught up with the leader',
  argumentCount: [1, 1],
  async run({ client }, given) {
    await client.sync(given.path);
    return { lines: ['Sync is OK'], json: { path: given.path, synced: true } };
  },
};

/** A node and everything below it, parents first. Nodes that vanish meanwhile are left out. */
export async function descendants(
  client: ZooKeeperClient,
  path: string,
  told: (count: number) => void = () => {},
): Promise<readonly string[]> {
  const found: string[] = [];
  const visit = async (node: string): Promise<void> => {
    let children: readonly string[];
    try {
      ({ children } = await client.getChildren(node));
    } catch (error) {
      if (node !== path && error instanceof ZooKeeperError && error.code === 'NoNode') return;
      throw error;
    }
    found.push(node);
    if (found.length % 1_000 === 0) told(found.length);
    for (const child of children.toSorted()) await visit(node === '/' ? `/${child}` : `${node}/${child}`);
  };
  await visit(path);
  return found;
}

/** Commands that change nothing. */
export const readingCommands: readonly ZkCommand[] = [
  ls,
  get,
  stat,
  getAcl,
  getEphemerals,
  getAllChildrenNumber,
  whoami,
  sync,
];
