import { type ZooKeeperClient, ZooKeeperError } from '@biquorum/zookeeper-client';
import { CommandFault, UsageError } from '../command.ts';
import type { ZkArguments, ZkCommand } from './zk-command.ts';

const ROOT = '/zookeeper/quota';
const LIMITS = 'zookeeper_limits';
const USAGE = 'zookeeper_stats';

/** Which letters of the options set which limit: small ones warn, capitals refuse. */
const KEYS: Readonly<Record<string, string>> = {
  n: 'count',
  b: 'bytes',
  N: 'countHardLimit',
  B: 'byteHardLimit',
};

const encoder = new TextEncoder();
const decoder = new TextDecoder();

const listquota: ZkCommand = {
  name: 'listquota',
  synopsis: 'path',
  summary: "a path's quota, and how much of it is used",
  argumentCount: [1, 1],
  async run({ client }, given) {
    const { path } = given;
    const where = `${quotaPath(path)}/${LIMITS}`;
    const [limits, usage] = [await read(client, where), await read(client, `${quotaPath(path)}/${USAGE}`)];
    if (limits === undefined)
      throw new CommandFault(`quota for ${path} does not exist. setquota -n COUNT ${path} makes one.`);
    return {
      lines: [
        `absolute path is ${where}`,
        `Output quota for ${path} ${limits}`,
        ...(usage === undefined ? [] : [`Output stat for ${path} ${usage}`]),
      ],
      json: { path, limits: parse(limits), usage: usage === undefined ? null : parse(usage) },
    };
  },
};

const setquota: ZkCommand = {
  name: 'setquota',
  synopsis: '-n|-b|-N|-B val path',
  summary:
    'limit what lies below a path: -n nodes, -b bytes; in capitals hard limits, above which servers with zookeeper.enforceQuota=true refuse',
  values: 'nbNB',
  argumentCount: [1, 1],
  async run({ client }, given) {
    const { path } = given;
    const wanted = Object.entries(KEYS).flatMap(([letter, key]): [string, number][] => {
      const value = given.whole(letter, 0);
      return value === undefined ? [] : [[key, value]];
    });
    if (wanted.length === 0) throw new UsageError('Usage: setquota -n|-b|-N|-B val path');
    if (path === '/' || path.startsWith('/zookeeper')) throw new UsageError(`${path} cannot have a quota.`);
    if ((await client.exists(path)) === undefined) throw new ZooKeeperError('NoNode', path);
    await ensureAlone(client, path);
    const where = `${quotaPath(path)}/${LIMITS}`;
    const before = await read(client, where);
    const limits = { ...NONE, ...parse(before ?? ''), ...Object.fromEntries(wanted) };
    if (before === undefined) {
      await client.createPath(where, encoder.encode(format(limits)));
      // The server counts when it sees this node.
      await client.create(`${quotaPath(path)}/${USAGE}`, encoder.encode('count=0,bytes=0'));
    } else await client.setData(where, encoder.encode(format(limits)));
    return { lines: [], json: { path, limits } };
  },
};

const delquota: ZkCommand = {
  name: 'delquota',
  synopsis: '[-n|-b|-N|-B] path',
  summary: "take a path's quota away, or one of its limits",
  switches: 'nbNB',
  argumentCount: [1, 1],
  async run({ client }, given) {
    const { path } = given;
    const where = `${quotaPath(path)}/${LIMITS}`;
    const before = await read(client, where);
    if (before === undefined) throw new CommandFault(`quota for ${path} does not exist.`);
    const keys = lettersOf(given).map((letter) => [KEYS[letter] as string, -1] as const);
    if (keys.length > 0) {
      const limits = { ...parse(before), ...Object.fromEntries(keys) };
      await client.setData(where, encoder.encode(format(limits)));
      return { lines: [], json: { path, limits } };
    }
    for (const node of [where, `${quotaPath(path)}/${USAGE}`]) await client.delete(node);
    await trim(client, quotaPath(path));
    return { lines: [], json: { path, limits: null } };
  },
};

type Limits = Readonly<Record<string, number>>;

const NONE: Limits = { count: -1, bytes: -1, countHardLimit: -1, byteHardLimit: -1 };

/** As Java's `StatsTrack` writes it, with the sign that keeps servers before 3.7 from reading the hard limits. */
function format({ count = -1, bytes = -1, ...others }: Limits): string {
  const rest = Object.keys(others)
    .sort()
    .map((key) => `;${key}=${others[key]}`);
  return `count=${count},bytes=${bytes}${rest.length === 0 ? '' : '='}${rest.join('')}`;
}

function parse(text: string): Limits {
  const pairs = text.split(/[,;]+/).flatMap((pair): [string, number][] => {
    const [key = '', value = ''] = pair.split('=');
    return key === '' ? [] : [[key, Number(value)]];
  });
  return Object.fromEntries(pairs);
}

function quotaPath(path: string): string {
  return `${ROOT}${path}`;
}

function lettersOf(given: ZkArguments): readonly string[] {
  return Object.keys(KEYS).filter((letter) => given.has(letter));
}

async function read(client: ZooKeeperClient, path: string): Promise<string | undefined> {
  try {
    const { data } = await client.getData(path);
    return data === null ? '' : decoder.decode(data);
  } catch (error) {
    if (error instanceof ZooKeeperError && error.code === 'NoNode') return undefined;
    throw error;
  }
}

/** @throws CommandFault when a path above or below has a quota: only one of them would count */
async function ensureAlone(client: ZooKeeperClient, path: string): Promise<void> {
  for (let above = parentOf(path); above !== '/'; above = parentOf(above)) {
    if ((await client.exists(`${quotaPath(above)}/${LIMITS}`)) !== undefined) {
      throw new CommandFault(`${path} has a parent ${above} which has a quota; delquota ${above} takes it away.`);
    }
  }
  if ((await client.exists(quotaPath(path))) === undefined) return;
  const { children } = await client.getChildren(quotaPath(path));
  const below = children.find((child) => child !== LIMITS && child !== USAGE);
  if (below !== undefined) {
    throw new CommandFault(
      `${path} has a descendant below ${path}/${below} which has a quota; delquota takes it away.`,
    );
  }
}

/** Deletes nodes that nobody needs any more, up to the root of quotas. */
async function trim(client: ZooKeeperClient, path: string): Promise<void> {
  for (let at = path; at !== ROOT; at = parentOf(at)) {
    const { children } = await client.getChildren(at);
    if (children.length > 0) return;
    await client.delete(at);
  }
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf('/')));
}

/** Commands about quotas. */
export const quotaCommands: readonly ZkCommand[] = [listquota, setquota, delquota];
