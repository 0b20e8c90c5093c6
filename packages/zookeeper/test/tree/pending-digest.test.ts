import { type LoggedTxn, type MultiOp, OPEN_ACL, OpCode } from '@biquorum/zookeeper-wire';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyTxn, DataTree, Preparer, type WriteRequest } from '../../src/index.ts';

const sessions = { created: () => {}, closed: () => {} };
const PATHS = ['/a', '/b', '/a/c', '/a/c/d', '/b/e'];

/** One of a few paths is made, changed, checked or deleted; with a version that may not fit. */
const op: fc.Arbitrary<MultiOp> = fc
  .tuple(fc.constantFrom(...PATHS), fc.constantFrom('create', 'set', 'delete', 'check'), fc.nat(400), fc.nat(2))
  .map(([path, what, length, version]): MultiOp => {
    const data = new Uint8Array(length).fill(length);
    if (what === 'create') return { type: OpCode.create, request: { path, data, acl: OPEN_ACL, flags: 0 } };
    if (what === 'set') return { type: OpCode.setData, request: { path, data, version: version - 1 } };
    return { type: what === 'check' ? OpCode.check : OpCode.delete, request: { path, version: version - 1 } };
  });
const request: fc.Arbitrary<WriteRequest> = fc.oneof(
  op.filter(({ type }) => type !== OpCode.check).map((one) => one as WriteRequest),
  fc.array(op, { maxLength: 5 }).map((ops): WriteRequest => ({ type: OpCode.multi, ops })),
);

test('each transaction foretells the digest of the tree, however many wait to be applied', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(request, fc.boolean()), { maxLength: 60 }), (steps) => {
      const tree = new DataTree();
      const preparer = new Preparer(tree);
      const waiting: LoggedTxn[] = [];
      const apply = (): void => {
        for (const txn of waiting.splice(0)) {
          applyTxn(tree, sessions, txn);
          preparer.applied(txn.header.zxid);
          if (txn.digest !== null) expect(txn.digest.treeDigest).toBe(tree.digest);
        }
      };
      for (const [at, [one, applies]] of steps.entries()) {
        waiting.push(preparer.prepare(one, { sessionId: 7n, cxid: at, ids: [] }, at + 1, 1_000 + at));
        if (applies) apply();
      }
      apply();
      expect(preparer.outstanding).toBe(0);
    }),
    { numRuns: 300 },
  );
});
