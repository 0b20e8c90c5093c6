import { isDeepStrictEqual } from 'node:util';
import { readAll, type SeenNode, type Tree } from '../zookeeper-tree/read-all.ts';
import type { Member } from './member.ts';
import { withClient } from './patience.ts';

/** Who protects nodes in these scenarios: user and password. */
export const IDENTITY: Uint8Array = new TextEncoder().encode('bob:pw');
/** The whole tree of one server, as who may read all that the changes of these scenarios make. */
export function readTree(member: Member): Promise<Tree> {
  return withClient(member.connect, async (client) => {
    await client.addAuth('digest', IDENTITY);
    return readAll(client);
  });
}

/** Where two trees differ, in words; empty when they do not. */
export function differences(one: Tree, other: Tree): readonly string[] {
  const paths = new Set([...one.keys(), ...other.keys()]);
  return [...paths].flatMap((path) => {
    const [a, b] = [one.get(path), other.get(path)];
    return isDeepStrictEqual(a, b) ? [] : [`${path}: ${show(a)} and ${show(b)}`];
  });
}

function show(node: SeenNode | undefined): string {
  return JSON.stringify(node, (_, value) => (typeof value === 'bigint' ? value.toString(16) : value)) ?? 'nothing';
}
