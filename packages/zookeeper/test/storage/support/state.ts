import type { Prng } from '@biquorum/std';
import {
  type Acl,
  type LoggedTxn,
  loggedTxn,
  OPEN_ACL,
  OpCode,
  toBytes,
  type Zxid,
  zxidOf,
} from '@biquorum/zookeeper-wire';
import type { SnapshotTarget } from '../../../src/storage/restore.ts';
import type { SnapshotSource } from '../../../src/storage/snapshot-body.ts';
import { applyTxn } from '../../../src/tree/apply-txn.ts';
import { DataTree } from '../../../src/tree/data-tree.ts';
import { extendedKinds } from '../../../src/tree/node-kinds.ts';
import { Preparer, type WriteRequest } from '../../../src/tree/prepare.ts';

/** A transaction with its bytes, as they go into a log. */
export interface Made {
  readonly txn: LoggedTxn;
  readonly zxid: Zxid;
  readonly payload: Uint8Array;
}

/** What a server keeps of transactions, and a way to make them as a leader does. */
export class State implements SnapshotSource, SnapshotTarget {
  readonly tree: DataTree = new DataTree(() => {}, extendedKinds);
  readonly #preparer: Preparer = new Preparer(this.tree, { extendedTypes: true, skipAcl: true });
  readonly #timeouts: Map<bigint, number> = new Map();
  lastZxid: Zxid = 0;

  sessions(): Iterable<readonly [bigint, number]> {
    return this.#timeouts;
  }

  clearSessions(): void {
    this.#timeouts.clear();
  }

  addSession(sessionId: bigint, timeoutMs: number): void {
    this.#timeouts.set(sessionId, timeoutMs);
  }

  removeSession(sessionId: bigint): void {
    this.#timeouts.delete(sessionId);
  }

  apply(txn: LoggedTxn): void {
    applyTxn(
      this.tree,
      {
        created: (sessionId, timeoutMs) => this.addSession(sessionId, timeoutMs),
        closed: (sessionId) => this.removeSession(sessionId),
      },
      txn,
    );
    this.lastZxid = txn.header.zxid;
  }

  /** Makes a transaction and applies it. */
  make(
    request: WriteRequest,
    at: { readonly sessionId?: bigint; readonly zxid?: Zxid; readonly timeMs?: number } = {},
  ): Made {
    const { sessionId = 1n, zxid = this.lastZxid + 1, timeMs = 1_700_000_000_000 + (zxid % 1_000_000) } = at;
    const txn = this.#preparer.prepare(request, { sessionId, cxid: 7, ids: [] }, zxid, timeMs);
    const payload = toBytes(loggedTxn, txn).slice();
    this.apply(txn);
    this.#preparer.applied(zxid);
    return { txn, zxid, payload };
  }

  create(path: string, text = '', acl: readonly Acl[] = OPEN_ACL, flags = 0): Made {
    return this.make(createOf(path, text, acl, flags));
  }

  /** Something that a client may ask for, with what it meets: failures too. */
  draw(prng: Prng): Made {
    const owner = BigInt(1 + prng.below(4));
    const newEpoch = prng.chance(0.03);
    const epoch = Math.floor(this.lastZxid / 2 ** 32);
    const zxid = newEpoch ? zxidOf(epoch + 1, 1) : this.lastZxid + 1;
    const options = { sessionId: owner, zxid };
    const parent = prng.pick(['', '/a', '/b', '/a/x', '/a/x/y', '/ä€😀']);
    const path = `${parent}/${prng.pick(['a', 'b', 'x', 'y', 'ä€😀'])}`;
    const text = 'd'.repeat(prng.below(prng.chance(0.1) ? 6_000 : 40));
    const acl = prng.pick(ACLS);
    switch (prng.below(10)) {
      case 0:
        return this.make({ type: OpCode.createSession, timeoutMs: 1_000 * prng.between(4, 40) }, options);
      case 1:
        return this.make({ type: OpCode.closeSession }, options);
      case 2:
      case 3:
        return this.make({ type: OpCode.delete, request: { path, version: -1 } }, options);
      case 4:
        return this.make({ type: OpCode.setData, request: { path, data: bytesOf(text), version: -1 } }, options);
      case 5:
        return this.make({ type: OpCode.setACL, request: { path, acl, version: -1 } }, options);
      case 6: {
        const second = { type: OpCode.setData, request: { path, data: bytesOf('multi'), version: -1 } } as const;
        return this.make({ type: OpCode.multi, ops: [createOf(path, text, acl, 0), second] }, options);
      }
      default:
        return this.make(createOf(path, text, acl, prng.pick([0, 0, 0, 1, 4])), options);
    }
  }

  /** All that there is, to be compared. */
  facts(): unknown {
    const nodes = [...this.tree.entries()].map(({ path, data, stat }) => ({
      path,
      data: data === null ? null : Buffer.from(data).toString('base64'),
      acl: this.tree.acl(path),
      stat,
      seen: this.tree.stat(path),
    }));
    return {
      nodes: nodes.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
      sessions: [...this.#timeouts].toSorted(([a], [b]) => (a < b ? -1 : 1)),
      digest: this.tree.digest,
      lastZxid: this.lastZxid,
    };
  }
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

const ACLS: readonly (readonly Acl[])[] = [
  OPEN_ACL,
  [{ perms: 1, id: { scheme: 'world', id: 'anyone' } }],
  [{ perms: 31, id: { scheme: 'digest', id: 'bob:ikIaKsbtGweaHnb/jKn7OHqbunM=' } }],
  [
    { perms: 31, id: { scheme: 'ip', id: '10.0.0.0/8' } },
    { perms: 1, id: { scheme: 'world', id: 'anyone' } },
  ],
];

function createOf(path: string, text: string, acl: readonly Acl[], flags: number) {
  return { type: OpCode.create2, request: { path, data: bytesOf(text), acl, flags } } as const;
}
