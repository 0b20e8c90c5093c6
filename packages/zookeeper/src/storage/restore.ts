import { StorageError } from '@biquorum/consensus';
import type { Timers } from '@biquorum/platform';
import type { Zxid } from '@biquorum/zookeeper-wire';
import type { DataTree } from '../tree/data-tree.ts';
import { DIGEST_VERSION } from '../tree/digest.ts';
import type { DataDirectory } from './data-directory.ts';
import type { SnapshotName } from './file-names.ts';
import { BRING_BACK } from './remedies.ts';
import type { SnapshotSource } from './snapshot-body.ts';
import { plausibleSnapshots, readSnapshotFile } from './snapshot-files.ts';
import { SnapshotError, type SnapshotTrailer, type SnapshotVisitor } from './snapshot-parser.ts';

/** Where the state of a snapshot goes, and of the log behind it. */
export interface SnapshotTarget {
  readonly tree: DataTree;
  /** All sessions are forgotten; those of a snapshot follow. */
  clearSessions(): void;
  addSession(sessionId: bigint, timeoutMs: number): void;
  removeSession(sessionId: bigint): void;
}

/** A snapshot that was read. */
export interface LoadedSnapshot extends SnapshotName {
  readonly trailer: SnapshotTrailer;
  /** Newer ones that are damaged, with the reason. */
  readonly damaged: readonly { readonly name: string; readonly detail: string }[];
}

/** So many of the newest are tried. */
const TRIES = 100;

/**
 * Reads the newest snapshot that is whole into the target, which is empty afterwards when there is none.
 *
 * @param newest snapshots of later transactions are passed over
 * @returns Null when there is no snapshot.
 * @throws StorageError as a rejection when there are some and none can be read.
 */
export async function loadNewestSnapshot(
  directory: DataDirectory,
  timers: Pick<Timers, 'soon'>,
  target: SnapshotTarget,
  newest: Zxid = Number.POSITIVE_INFINITY,
): Promise<LoadedSnapshot | null> {
  const damaged: { name: string; detail: string }[] = [];
  const candidates = (await plausibleSnapshots(directory, TRIES)).filter(({ zxid }) => zxid <= newest);
  for (const snapshot of candidates) {
    try {
      const trailer = await loadSnapshot(directory, timers, snapshot, target);
      return { ...snapshot, trailer, damaged };
    } catch (error) {
      if (!(error instanceof SnapshotError)) throw error;
      damaged.push({ name: snapshot.name, detail: error.message });
    }
  }
  clearTarget(target);
  target.tree.finishRestore();
  const [first] = damaged;
  if (first === undefined) return null;
  throw new StorageError(
    directory.snapshots,
    `none of ${damaged.length} snapshots can be read; the newest, ${first.name}: ${first.detail}`,
    BRING_BACK,
  );
}

/** Reads one snapshot into the target. @throws SnapshotError as a rejection when it is damaged. */
export async function loadSnapshot(
  directory: DataDirectory,
  timers: Pick<Timers, 'soon'>,
  snapshot: SnapshotName,
  target: SnapshotTarget,
): Promise<SnapshotTrailer> {
  clearTarget(target);
  const trailer = await readSnapshotFile(directory, snapshot, timers, restoring(target));
  target.tree.finishRestore();
  target.tree.aheadUntil = fuzzyEnd(snapshot.zxid, trailer);
  return trailer;
}

/** A visitor that puts a snapshot into a target that is empty. */
export function restoring(target: SnapshotTarget): SnapshotVisitor {
  return {
    session: (sessionId, timeoutMs) => target.addSession(sessionId, timeoutMs),
    acl: (index, list) => target.tree.acls.restore(index, list),
    node: (node) => target.tree.restoreNode(node),
  };
}

/** A visitor that keeps nothing, and only sees that nodes come in pre-order. */
export function checking(): SnapshotVisitor {
  const ancestors: string[] = [];
  return {
    session: () => {},
    acl: () => {},
    node: ({ path }) => {
      if (path !== '') {
        const parent = path.slice(0, path.lastIndexOf('/'));
        while (ancestors.length > 0 && ancestors.at(-1) !== parent) ancestors.pop();
        if (ancestors.length === 0) return false;
      } else if (ancestors.length > 0) return false;
      ancestors.push(path);
      return true;
    },
  };
}

/** The last transaction that a snapshot can hold something of. */
export function fuzzyEnd(snapshotZxid: Zxid, { digest, lastZxid }: SnapshotTrailer): Zxid {
  return Math.max(snapshotZxid, digest?.zxid ?? 0, lastZxid ?? 0);
}

/**
 * Removes ephemerals whose session is not there, before a server begins to serve. Source: Java
 * `ZooKeeperServer.loadData`.
 *
 * @returns How many there were.
 */
export function dropDeadEphemerals(state: SnapshotSource, zxid: Zxid): number {
  const sessions = new Set<bigint>();
  for (const [sessionId] of state.sessions()) sessions.add(sessionId);
  let dropped = 0;
  for (const owner of [...state.tree.ephemeralOwners()]) {
    if (sessions.has(owner)) continue;
    for (const path of [...state.tree.ephemeralsOf(owner)]) {
      state.tree.deleteNode(path, zxid);
      dropped++;
    }
  }
  return dropped;
}

/** Empties tree and sessions. */
export function clearTarget(target: SnapshotTarget): void {
  target.tree.clear();
  target.clearSessions();
}

/**
 * Compares digests while a log is replayed. A fuzzy snapshot may be ahead of its name, so nothing is compared before
 * the transaction at which it was ended. Source: Java `DataTree.compareSnapshotDigests`, `compareDigest`.
 */
export class DigestCheck {
  readonly #tree: DataTree;
  readonly #from: Zxid;
  #mismatches = 0;

  constructor(tree: DataTree, snapshotZxid: Zxid, trailer: SnapshotTrailer | null) {
    this.#tree = tree;
    this.#from = trailer === null ? 0 : fuzzyEnd(snapshotZxid, trailer);
    const digest = trailer?.digest ?? null;
    if (digest !== null && this.#from === snapshotZxid && digest.zxid === snapshotZxid) this.#compare(digest);
  }

  /** Transactions after which the tree was not what the log says. */
  get mismatches(): number {
    return this.#mismatches;
  }

  /** A transaction was applied. @param digest what the log says; null when it says nothing */
  applied(zxid: Zxid, digest: { readonly version: number; readonly treeDigest: bigint } | null): void {
    if (digest !== null && zxid >= this.#from) this.#compare({ version: digest.version, value: digest.treeDigest });
  }

  #compare({ version, value }: { readonly version: number; readonly value: bigint }): void {
    if (version === DIGEST_VERSION && value !== this.#tree.digest) this.#mismatches++;
  }
}
