import type { DataTree } from './data-tree.ts';
import { parentOf, QUOTA } from './paths.ts';

/** The node that limits a subtree, below the subtree's path under `/zookeeper/quota`. */
export const LIMITS_NAME = 'zookeeper_limits';
/** The node that says how much of its quota a subtree uses. */
export const USAGE_NAME = 'zookeeper_stats';

/** What a quota node holds; −1 stands for none. Hard limits are those that can refuse a write. */
export interface Quota {
  readonly count: number;
  readonly bytes: number;
  readonly countHardLimit: number;
  readonly byteHardLimit: number;
}

/** Where the limits of a subtree stand. */
export function limitsPath(path: string): string {
  return `${QUOTA}${path}/${LIMITS_NAME}`;
}

/** Where the usage of a subtree stands. */
export function usagePath(path: string): string {
  return `${QUOTA}${path}/${USAGE_NAME}`;
}

/**
 * Reads a quota node: `key=value` pairs between commas or semicolons. Any client may write there, so what is no number
 * is taken for none. Source: Java `StatsTrack`.
 */
export function readQuota(data: Uint8Array | null): Quota {
  const values = new Map<string, number>();
  for (const pair of decoder.decode(data ?? NO_BYTES).split(/[,;]+/)) {
    const [key = '', value = ''] = pair.split('=');
    const number = /^-?\d{1,19}$/.test(value) ? Number(value) : -1;
    values.set(key, Number.isSafeInteger(number) ? number : -1);
  }
  const of = (key: keyof Quota): number => values.get(key) ?? -1;
  return {
    count: of('count'),
    bytes: of('bytes'),
    countHardLimit: of('countHardLimit'),
    byteHardLimit: of('byteHardLimit'),
  };
}

/** A usage as its node holds it. */
export function writeUsage(count: number, bytes: number): Uint8Array {
  return encoder.encode(`count=${count},bytes=${bytes}`);
}

/** Which subtrees have limits: the one that governs a path is found by walking up. Source: Java `PathTrie`. */
export class QuotaPaths {
  readonly #paths: Set<string> = new Set();

  get isEmpty(): boolean {
    return this.#paths.size === 0;
  }

  /** A node has come: does it limit a subtree? @returns The subtree's path. */
  added(node: string): string | undefined {
    const subtree = subtreeOf(node, LIMITS_NAME);
    if (subtree !== undefined) this.#paths.add(subtree);
    return subtree;
  }

  removed(node: string): void {
    const subtree = subtreeOf(node, LIMITS_NAME);
    if (subtree !== undefined) this.#paths.delete(subtree);
  }

  clear(): void {
    this.#paths.clear();
  }

  /** The deepest limited subtree that a path lies in; the root's is never meant. */
  governing(path: string): string | undefined {
    if (this.#paths.size === 0) return undefined;
    for (let at = path; at !== '' && at !== '/'; at = parentOf(at)) if (this.#paths.has(at)) return at;
    return undefined;
  }

  [Symbol.iterator](): Iterator<string> {
    return this.#paths[Symbol.iterator]();
  }
}

/** The subtree that a quota node of this name is about. */
export function subtreeOf(node: string, name: string): string | undefined {
  if (!node.startsWith(PREFIX) || !node.endsWith(`/${name}`)) return undefined;
  const subtree = node.slice(QUOTA.length, -name.length - 1);
  return subtree === '' ? undefined : subtree;
}

/**
 * Whether a write goes over a hard limit, as the applied tree has it. Source: Java `ZooKeeperServer.checkQuota`.
 *
 * @param countMore nodes that come, 1 or 0
 * @param bytesMore bytes of data that come; negative when data shrinks
 */
export function exceedsQuota(tree: DataTree, path: string, countMore: number, bytesMore: number): boolean {
  const subtree = tree.quotas.governing(path);
  if (subtree === undefined) return false;
  const [limits, usage] = [tree.data(limitsPath(subtree)), tree.data(usagePath(subtree))];
  if (limits === undefined || usage === undefined) return false;
  const { countHardLimit, byteHardLimit } = readQuota(limits.data);
  const { count, bytes } = readQuota(usage.data);
  if (countMore !== 0 && countHardLimit > -1 && count + countMore > countHardLimit) return true;
  return bytesMore !== 0 && byteHardLimit > -1 && bytes + bytesMore > byteHardLimit;
}

const PREFIX = `${QUOTA}/`;
const NO_BYTES = new Uint8Array(0);
const decoder = new TextDecoder();
const encoder = new TextEncoder();
