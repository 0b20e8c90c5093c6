import type { Mutant } from './mutate.ts';

const leader = 'packages/zab/src/states/leader.ts';
const learner = 'packages/zab/src/states/learner.ts';
const election = 'packages/zab/src/election.ts';

/**
 * Broken builds of the ZAB engine, each with one rule taken out. The checkers have to find every one. Not among them: a
 * leader that passes over the epochs that others have accepted. The order of votes and the followers' own promises keep
 * such a leader from harm nearly always, so what holds it is a test (`packages/zab/test/bugs/election.test.ts`).
 * Nor mutants of what stands over the engine, such as one that loses the session of an ephemeral: those are found by the
 * checks of sessions (`packages/zookeeper/test/quorum/session-mutants.ts`).
 */
export const zabMutants: readonly Mutant[] = [
  {
    name: 'skip-trunc',
    breaks: 'what the leader does not have is cut off',
    changes: [
      {
        file: learner,
        find: "new HistoryBuffer(log, type === 'diff' ? log.lastZxid : zxid, type)",
        replace: "new HistoryBuffer(log, type !== 'snap' ? log.lastZxid : zxid, type)",
      },
    ],
    seed: 2,
  },
  {
    name: 'ack-newleader-before-durable',
    breaks: 'NEWLEADER is acknowledged once history and currentEpoch are on the disk (ZOOKEEPER-3911)',
    changes: [
      {
        file: learner,
        find: "out.send(this.leader, { type: 'ack', zxid: zxidOf(this.#epoch, 0) }, write);",
        replace: "out.send(this.leader, { type: 'ack', zxid: zxidOf(this.#epoch, 0) });",
      },
    ],
    seed: 92,
  },
  {
    name: 'epoch-before-history',
    breaks: 'currentEpoch is written after the history that it stands for (ZOOKEEPER-4643)',
    changes: [
      {
        file: learner,
        find: 'this.#core.promise({ acceptedEpoch: epoch })',
        replace: 'this.#core.promise({ acceptedEpoch: epoch, currentEpoch: epoch })',
      },
    ],
    seed: 2,
  },
  {
    name: 'accept-an-older-epoch',
    breaks: 'nobody listens to the leader of an epoch older than the one it has accepted, however it was found',
    changes: [
      { file: learner, find: 'if (epoch < acceptedEpoch) return', replace: 'if (epoch < 0) return' },
      {
        file: learner,
        find: 'this.#core.promise({ acceptedEpoch: epoch })',
        replace: 'this.#core.promise({ acceptedEpoch: Math.max(epoch, acceptedEpoch) })',
      },
      {
        file: learner,
        find: 'core.promise({ currentEpoch: this.#epoch })',
        replace: 'core.promise({ currentEpoch: Math.max(core.currentEpoch, this.#epoch) })',
      },
      {
        file: leader,
        find: 'if (this.#epochFound && voter && acceptedEpoch > this.#epoch) {',
        replace: 'if (this.#epoch < 0) {',
      },
      // The election alone keeps most from ever calling such a leader.
      {
        file: election,
        find: 'if (!this.#hasQuorum(this.#outOfElection, vote) || !this.#leads(this.#outOfElection, message)) return;',
        replace: "if (message.state !== 'leading') return;",
      },
    ],
    seed: 984,
  },
  {
    name: 'lead-with-a-shorter-history',
    breaks: 'a leader whose follower is ahead gives up',
    changes: [
      {
        file: leader,
        find: 'if (currentEpoch > mine || (currentEpoch === mine && zxid > log.lastZxid)) {',
        replace: 'if (currentEpoch > mine + 1e9) {',
      },
      {
        file: 'packages/zab/src/vote.ts',
        find: 'if (one.zxid !== other.zxid) return one.zxid > other.zxid;',
        replace: '',
      },
    ],
    seed: 2,
  },
  {
    name: 'vote-order-wrong',
    breaks: 'a longer history is better than a shorter one',
    changes: [
      {
        file: 'packages/zab/src/vote.ts',
        find: 'if (one.zxid !== other.zxid) return one.zxid > other.zxid;',
        replace: 'if (one.zxid !== other.zxid) return one.zxid < other.zxid;',
      },
    ],
    seed: 1,
  },
  {
    name: 'commit-without-quorum',
    breaks: 'a transaction is committed once a quorum has it on its disks',
    changes: [
      {
        file: leader,
        find: 'const upTo = Math.min(reached, this.#proposals.lastZxid);',
        replace: 'const upTo = Math.min(Math.max(mine, reached), this.#proposals.lastZxid);',
      },
    ],
    seed: 1,
  },
  {
    name: 'serve-without-quorum',
    breaks: 'a leader serves once a quorum has its history',
    changes: [{ file: leader, find: 'if (!verifier.isQuorum(synced)) return;', replace: '' }],
    seed: 40,
  },
  {
    name: 'count-own-disk-early',
    breaks: "a leader's own word counts once its own disk has the transaction",
    changes: [
      {
        file: leader,
        find: 'const mine = zxidBefore(out.durableEnd);',
        replace: 'const mine = zxidBefore(core.log.end);',
      },
    ],
    seed: 82,
  },
  {
    name: 'ack-before-fsync',
    breaks: 'a proposal is acknowledged once it is on the disk',
    changes: [
      { file: learner, find: 'if (head.write > out.written) return;', replace: '' },
      {
        file: learner,
        find: 'this.#unacknowledged.push({ zxid: log.lastZxid, write });\n        return null;',
        replace:
          'this.#unacknowledged.push({ zxid: log.lastZxid, write });\n        this.#acknowledge();\n        return null;',
      },
    ],
    seed: 3,
  },
  {
    name: 'deliver-what-is-not-committed',
    breaks: 'transactions are delivered when they are committed, one by one in their order',
    changes: [
      {
        file: learner,
        find: 'this.#open.push(log.lastZxid);',
        replace: `this.#open.push(log.lastZxid);
        if (this.#stage === 'serving') this.#core.commit(log.end);`,
      },
    ],
    seed: 13,
  },
  {
    name: 'deliver-before-uptodate',
    breaks: 'the history of a new leader is delivered once a quorum has it',
    changes: [
      {
        file: learner,
        find: 'this.#committedCut = buffer.committedCut;',
        replace: `this.#committedCut = buffer.committedCut;
    core.commit(this.#committedCut);`,
      },
    ],
    seed: 13,
  },
  {
    name: 'diff-ships-uncommitted-tail',
    breaks: 'a learner is sent as committed only what is (ZOOKEEPER-2846)',
    changes: [
      {
        file: leader,
        find: "zxidBefore(this.phase === 'broadcast' ? this.#core.committed : log.end)",
        replace: 'zxidBefore(log.end)',
      },
    ],
    seed: 50,
  },
  {
    name: 'accept-holes',
    breaks: 'transactions are adopted without holes (ZOOKEEPER-4925)',
    changes: [
      {
        file: leader,
        find: "for (const { zxid, entry } of this.#proposals) this.#forward(learner, zxid, transaction('proposal', entry));",
        replace: ';',
      },
      {
        file: 'packages/zab/src/zxid.ts',
        find: 'return next === last + 1 ?',
        replace: 'if (next > last) return true;\n  return next === last + 1 ?',
      },
    ],
    seed: 1,
  },
  {
    name: 'newleader-before-the-data',
    breaks: 'NEWLEADER comes behind all that a learner lacks (ZOOKEEPER-3104)',
    changes: [
      {
        file: leader,
        find: 'if (from < max) {',
        replace: `out.send(learner.id, { type: 'newLeader', zxid: zxidOf(this.#epoch, 0), config: '' }, this.#currentWrite);
    if (from < max) {`,
      },
      {
        file: learner,
        find: "if (this.#stage !== 'receiving' || this.#buffer === null) return 'history out of place';",
        replace: 'if (this.#buffer === null) return null;',
      },
      {
        file: learner,
        find: "return this.#stage === 'receiving' ? this.#onNewLeader(message) : 'NEWLEADER out of place';",
        replace: "return this.#stage === 'receiving' ? this.#onNewLeader(message) : null;",
      },
    ],
    seed: 1,
  },
  {
    name: 'read-without-asking',
    breaks: 'a read waits until a quorum has confirmed that its server leads',
    changes: [
      {
        file: leader,
        find: 'if (this.#reads.add(token)) this.#carryReads();',
        replace: `const outcome = { kind: 'readable', index: this.#core.committed } as const;
    this.#core.out.effect({ kind: 'settle', token, outcome });`,
      },
    ],
    seed: 20,
  },
  {
    name: 'follow-without-a-quorum-of-followers',
    breaks: 'a leader that is not followed by a quorum gives up',
    changes: [
      { file: leader, find: 'if (!this.#halfTick && !this.#hasSyncedQuorum()) {', replace: 'if (this.#epoch < 0) {' },
      {
        file: leader,
        find: "if (lost.length > 0 && this.phase === 'broadcast' && !this.#hasSyncedQuorum()) {",
        replace: 'if (this.#epoch < 0) {',
      },
    ],
    seed: 2,
  },
];
