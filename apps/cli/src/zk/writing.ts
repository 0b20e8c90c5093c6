import { ZooKeeperError } from '@biquorum/zookeeper-client';
import type { CreateMode } from '@biquorum/zookeeper-wire';
import { UsageError } from '../command.ts';
import { readAcl } from './acl.ts';
import { descendants } from './reading.ts';
import { statJson, statLines } from './stat.ts';
import type { ZkArguments, ZkCommand } from './zk-command.ts';

const encoder = new TextEncoder();

const create: ZkCommand = {
  name: 'create',
  synopsis: '[-s] [-e] [-c] [-t ttl] path [data] [acl]',
  summary:
    'make a node; -s with a number behind its name, -e for this session, -c a container, -t with a time to live in ms',
  switches: 'sec',
  values: 't',
  argumentCount: [1, 3],
  async run({ client }, given) {
    const [path = '', data, acl] = given.words;
    const ttlMs = given.whole('t', 1);
    const made = await client.create(path, data === undefined ? null : encoder.encode(data), {
      mode: modeOf(given),
      ...(ttlMs === undefined ? {} : { ttlMs }),
      ...(acl === undefined ? {} : { acl: readAcl(acl) }),
    });
    return { lines: [`Created ${made}`], json: { created: made } };
  },
};

const set: ZkCommand = {
  name: 'set',
  synopsis: '[-s] [-b] [-v version] path data',
  summary: "change a node's data; -s shows its state, -b takes base64, -v expects a version",
  switches: 'sb',
  values: 'v',
  argumentCount: [2, 2],
  async run({ client }, given) {
    const [path = '', data = ''] = given.words;
    const bytes = given.has('b') ? new Uint8Array(Buffer.from(data, 'base64')) : encoder.encode(data);
    const stat = await client.setData(path, bytes, given.whole('v', -1) ?? -1);
    return { lines: given.has('s') ? statLines(stat) : [], json: { path, stat: statJson(stat) } };
  },
};

const remove: ZkCommand = {
  name: 'delete',
  synopsis: '[-v version] path',
  summary: 'delete a node without children; -v expects a version',
  values: 'v',
  argumentCount: [1, 1],
  async run({ client }, given) {
    await client.delete(given.path, given.whole('v', -1) ?? -1);
    return { lines: [], json: { deleted: given.path } };
  },
};

const DELETE_AT_ONCE = 1_000;

const deleteall: ZkCommand = {
  name: 'deleteall',
  synopsis: '[-b batch] path',
  summary: 'delete a node and everything below it; -b so many requests at once',
  values: 'b',
  argumentCount: [1, 1],
  async run({ client, progress }, given) {
    const { path } = given;
    if (path === '/') throw new UsageError('deleteall / would take what ZooKeeper itself needs; name a path below it.');
    const atOnce = given.whole('b', 1) ?? DELETE_AT_ONCE;
    // Children before their parents; requests of one session are answered in order.
    const paths = (await descendants(client, path)).toReversed();
    for (let at = 0; at < paths.length; at += atOnce) {
      await Promise.all(paths.slice(at, at + atOnce).map((one) => client.delete(one).catch(unlessGone)));
      progress(`${Math.min(at + atOnce, paths.length)} of ${paths.length} nodes deleted`);
    }
    return { lines: [], json: { deleted: path, count: paths.length } };
  },
};

const setAcl: ZkCommand = {
  name: 'setAcl',
  synopsis: '[-s] [-R] [-v version] path acl',
  summary: "change a node's access control list; -s shows its state, -R changes everything below, -v expects a version",
  switches: 'sR',
  values: 'v',
  argumentCount: [2, 2],
  async run({ client }, given) {
    const [path = '', text = ''] = given.words;
    const acl = readAcl(text);
    const version = given.whole('v', -1) ?? -1;
    const paths = given.has('R') ? await descendants(client, path) : [path];
    const stats = await Promise.all(paths.map((one) => client.setAcl(one, acl, version)));
    return {
      lines: given.has('s') ? stats.flatMap(statLines) : [],
      json: stats.map((stat, index) => ({ path: paths[index], stat: statJson(stat) })),
    };
  },
};

const addauth: ZkCommand = {
  name: 'addauth',
  synopsis: 'scheme auth',
  summary: 'add an identity to this session, such as digest user:password',
  argumentCount: [1, 2],
  async run({ client }, given) {
    const [scheme = '', auth = ''] = given.words;
    await client.addAuth(scheme, encoder.encode(auth));
    return { lines: [], json: { scheme } };
  },
};

function modeOf(given: ZkArguments): CreateMode['name'] {
  const [sequential, ephemeral, container] = [given.has('s'), given.has('e'), given.has('c')];
  const ttl = given.value('t') !== undefined;
  if (container && (sequential || ephemeral)) {
    throw new UsageError('-c cannot be combined with -s or -e. Containers cannot be ephemeral or sequential.');
  }
  if (ttl && ephemeral) throw new UsageError('TTLs cannot be used with Ephemeral znodes');
  if (ttl && container) throw new UsageError('TTLs cannot be used with Container znodes');
  if (container) return 'container';
  if (ttl) return sequential ? 'persistentSequentialWithTtl' : 'persistentWithTtl';
  if (ephemeral) return sequential ? 'ephemeralSequential' : 'ephemeral';
  return sequential ? 'persistentSequential' : 'persistent';
}

function unlessGone(error: unknown): void {
  if (!(error instanceof ZooKeeperError && error.code === 'NoNode')) throw error;
}

/** Commands that change nodes. */
export const writingCommands: readonly ZkCommand[] = [create, set, remove, deleteall, setAcl, addauth];
