import { isDeepStrictEqual } from 'node:util';
import type { ZooKeeperClient } from '@biquorum/zookeeper-client';
import type { Member } from './member.ts';
import { withClient } from './patience.ts';

/** A node as one server shows it. */
export interface SeenNode {
  readonly data: string | null;
  readonly stat: unknown;
  readonly acl: unknown;
}

/** Who protects nodes in these scenarios: user and password. */
export const IDENTITY: Uint8Array = new TextEncoder().encode('bob:pw');
/** Each server writes this one by itself, when it starts. */
const OWN = '/zookeeper/config';
/** Requests under way at once. */
const AT_ONCE = 200;

/** The whole tree of one server, by path, after everything that its leader had accepted. */
export function readTree(member: Member): Promise<ReadonlyMap<string, SeenNode>> {
  return withClient(member.connect, readAll);
}

async function readAll(client: ZooKeeperClient): Promise<ReadonlyMap<string, SeenNode>> {
  // As who may read all that the changes of these scenarios make.
  await client.addAuth('digest', IDENTITY);
  await client.sync('/');
  const seen = new Map<string, SeenNode>();
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
        if (path !== OWN) seen.set(path, node);
        return children.map((name) => (path === '/' ? `/${name}` : `${path}/${name}`));
      }),
    );
    paths = [...paths, ...found.flat()];
  }
  return seen;
}

/** Where two trees differ, in words; empty when they do not. */
export function differences(
  one: ReadonlyMap<string, SeenNode>,
  other: ReadonlyMap<string, SeenNode>,
): readonly string[] {
  const paths = new Set([...one.keys(), ...other.keys()]);
  return [...paths].flatMap((path) => {
    const [a, b] = [one.get(path), other.get(path)];
    return isDeepStrictEqual(a, b) ? [] : [`${path}: ${show(a)} and ${show(b)}`];
  });
}

function show(node: SeenNode | undefined): string {
  return JSON.stringify(node, (_, value) => (typeof value === 'bigint' ? value.toString(16) : value)) ?? 'nothing';
}
