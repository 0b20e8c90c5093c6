import { type Id, OPEN_ACL, OpCode } from '@biquorum/zookeeper-wire';
import { expect, test } from 'vitest';
import { applyTxn, DataTree, Preparer, type WriteRequest } from '../../src/index.ts';

const noSessions = { created: () => {}, closed: () => {} };
const ids: readonly Id[] = [];

class Server {
  readonly tree = new DataTree();
  readonly preparer = new Preparer(this.tree, { enforceQuota: true });
  #zxid = 0;

  run(request: WriteRequest): number {
    const txn = this.preparer.prepare(request, { sessionId: 7n, cxid: 1, ids }, ++this.#zxid, 1_000);
    const { err } = applyTxn(this.tree, noSessions, txn);
    this.preparer.applied(this.#zxid);
    if (txn.digest !== null) expect(this.tree.digest).toBe(txn.digest.treeDigest);
    return err;
  }

  create(path: string, data = ''): number {
    return this.run({ type: OpCode.create, request: { path, data: Buffer.from(data), acl: OPEN_ACL, flags: 0 } });
  }

  set(path: string, data: string, version = -1): number {
    return this.run({ type: OpCode.setData, request: { path, data: Buffer.from(data), version } });
  }

  /** What the node of usage holds. */
  usage(path: string): string {
    return Buffer.from(this.tree.data(`/zookeeper/quota${path}/zookeeper_stats`)?.data ?? []).toString();
  }

  limit(path: string, limits: string): void {
    expect(this.create(`/zookeeper/quota${path}`)).toBe(0);
    expect(this.create(`/zookeeper/quota${path}/zookeeper_limits`, limits)).toBe(0);
    expect(this.create(`/zookeeper/quota${path}/zookeeper_stats`, 'count=0,bytes=0')).toBe(0);
  }
}

const EXCEEDED = -125;
const BAD_VERSION = -103;

test('usage is counted when limits come, and follows every change below them, outside the digest', () => {
  const server = new Server();
  server.create('/q', '12345');
  server.create('/q/a', '123');
  server.create('/other', '1');
  server.limit('/q', 'count=100,bytes=1000');
  expect(server.usage('/q')).toBe('count=2,bytes=8');
  server.create('/q/b', '12');
  server.set('/q/a', '1');
  server.set('/other', '123');
  expect(server.usage('/q')).toBe('count=3,bytes=8');
  server.run({ type: OpCode.delete, request: { path: '/q/a', version: -1 } });
  expect(server.usage('/q')).toBe('count=2,bytes=7');
  server.run({ type: OpCode.delete, request: { path: '/zookeeper/quota/q/zookeeper_limits', version: -1 } });
  server.create('/q/c');
  expect(server.usage('/q')).toBe('count=2,bytes=7');
});

test('hard limits refuse, and soft ones do not; a quota is checked before a version', () => {
  const server = new Server();
  server.create('/q', '1');
  server.limit('/q', 'count=1,bytes=1=;byteHardLimit=10;countHardLimit=3');
  expect([server.create('/q/a'), server.create('/q/b'), server.create('/q/c')]).toEqual([0, 0, EXCEEDED]);
  expect(server.set('/q/a', '1234567890', 7)).toBe(EXCEEDED);
  expect(server.set('/q/a', '123456789', 7)).toBe(BAD_VERSION);
  expect(server.set('/q/a', '123456789', 0)).toBe(0);
  expect(server.set('/q', '12')).toBe(EXCEEDED);
  expect(server.set('/q/a', '1')).toBe(0);
  const multi: WriteRequest = {
    type: OpCode.multi,
    ops: [{ type: OpCode.create, request: { path: '/q/c', data: null, acl: OPEN_ACL, flags: 0 } }],
  };
  server.run(multi);
  expect(server.tree.has('/q/c')).toBe(false);
});

test('what clients write into quota nodes cannot hurt: no number is no limit', () => {
  const server = new Server();
  server.create('/q', '1');
  server.limit('/q', 'count=abc,,;=;bytes;countHardLimit=1e3;byteHardLimit=99999999999999999999');
  expect(server.create('/q/a', 'x'.repeat(100))).toBe(0);
  server.set('/zookeeper/quota/q/zookeeper_stats', '\u0000=\uffff');
  expect(server.create('/q/b')).toBe(0);
  expect(server.create('/zookeeper/quota/zookeeper_limits', 'countHardLimit=0')).toBe(0);
  expect(server.create('/zookeeper/quota/zookeeper_stats')).toBe(0);
  expect(server.create('/free')).toBe(0);
});

test('limits hold again after a restore, and usage is what is there', () => {
  const server = new Server();
  server.create('/q', '12345');
  server.limit('/q', 'countHardLimit=2');
  const restored = new DataTree();
  const nodes = [...server.tree.entries()].map((node) => ({ ...node, data: node.data?.slice() ?? null }));
  restored.clear();
  for (const node of nodes) expect(restored.restoreNode(node)).toBe(true);
  restored.finishRestore();
  expect([...restored.quotas]).toEqual(['/q']);
  const usage = restored.data('/zookeeper/quota/q/zookeeper_stats')?.data;
  expect(Buffer.from(usage ?? []).toString()).toBe('count=1,bytes=5');
});
