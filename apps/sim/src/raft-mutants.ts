import type { Mutant } from './mutate.ts';

const states = 'packages/raft/src/states';

/** Broken builds of the Raft engine, each with one rule taken out. The checkers have to find every one. */
export const raftMutants: readonly Mutant[] = [
  {
    name: 'fetch-before-persist',
    breaks: 'a follower acknowledges entries before they are on its disk',
    changes: [
      {
        file: 'packages/raft/src/outbox.ts',
        find: 'return this.#send(to, message, this.#nextWrite - 1);',
        replace: 'return this.#send(to, message, 0);',
      },
    ],
    seed: 16,
  },
  {
    name: 'vote-before-persist',
    breaks: 'a vote is on the disk before it is answered',
    changes: [
      {
        file: 'packages/raft/src/outbox.ts',
        find: "this.effect({ kind: 'answer', token, message, after: this.#barrier(this.#stateWrite), fill });",
        replace: `const after = message.type === 'voteReply' ? 0 : this.#barrier(this.#stateWrite);
    this.effect({ kind: 'answer', token, message, after, fill });`,
      },
    ],
    seed: 8,
  },
  {
    name: 'vote-twice',
    breaks: 'one vote in an epoch',
    changes: [
      {
        file: 'packages/raft/src/elections.ts',
        find: 'if (voted !== null) return voted.id === request.candidate.id && voted.directory === request.candidate.directory;',
        replace: '',
      },
    ],
    seed: 4,
  },
  {
    name: 'vote-for-a-shorter-log',
    breaks: 'votes only for logs that are not behind',
    changes: [
      {
        file: 'packages/raft/src/elections.ts',
        find: 'return leader === NO_NODE && isUpToDate(core, request);',
        replace: 'return leader === NO_NODE;',
      },
    ],
    seed: 2,
  },
  {
    name: 'forget-vote-on-restart',
    breaks: 'a vote outlives a restart',
    changes: [
      {
        file: 'packages/raft/src/quorum-state.ts',
        find: 'const voted = durable.voted === NO_NODE ? null : { id: durable.voted, directory: durable.votedDirectory };',
        replace: 'const voted = null as ReplicaKey | null;',
      },
    ],
    seed: 212,
  },
  {
    name: 'lead-again-after-restart',
    breaks: 'a leader that restarts never acts in its epoch again',
    changes: [
      {
        file: 'packages/raft/src/quorum-state.ts',
        find: "this.#enter(new Resigned(core, epoch, voted, [], electionAtMs), 'restarted as the leader');",
        replace: "this.#enter(new Leader(core, epoch, voted), 'restarted as the leader');",
      },
    ],
    seed: 16,
  },
  {
    name: 'commit-old-epochs-by-counting',
    breaks: 'entries of an earlier epoch count only once one of this epoch does',
    changes: [
      {
        file: `${states}/leader.ts`,
        find: 'if (majority > this.#epochStart && core.commit(majority)) this.#committed();',
        replace: 'if (core.commit(majority)) this.#committed();',
      },
    ],
    seed: 51,
  },
  {
    name: 'commit-by-any-two',
    breaks: 'a majority of the voters has what is committed',
    changes: [
      {
        file: 'packages/consensus/src/quorum.ts',
        find: 'return values[values.length >> 1] as number;',
        replace: 'return values[Math.min(1, values.length - 1)] as number;',
      },
    ],
    seed: 15,
  },
  {
    name: 'fetch-without-truncation',
    breaks: 'a follower drops what its leader does not have',
    changes: [
      {
        file: `${states}/follower.ts`,
        find: 'if (reply.diverging !== null) this.#truncate(reply.diverging);',
        replace: 'if (reply.diverging !== null) this.#heard();',
      },
    ],
    seed: 8,
  },
  {
    name: 'high-watermark-of-a-diverging-answer',
    breaks: "a high watermark says nothing about a log that parts from the leader's",
    changes: [
      {
        file: `${states}/follower.ts`,
        find: 'if (reply.diverging !== null) this.#truncate(reply.diverging);',
        replace: `if (reply.diverging !== null) {
        core.commit(Math.min(reply.highWatermark, core.log.end));
        this.#truncate(reply.diverging);
      }`,
      },
    ],
    seed: 8,
  },
  {
    name: 'serve-any-log',
    breaks: 'a leader serves only replicas whose log agrees with its own',
    changes: [
      {
        file: `${states}/leader.ts`,
        find: 'if (known.epoch !== lastEpoch || offset > known.index) {',
        replace: 'if (offset > core.log.end) {',
      },
    ],
    seed: 8,
  },
  {
    name: 'apply-before-commit',
    breaks: 'machines see only what is committed',
    changes: [
      {
        file: `${states}/follower.ts`,
        find: 'core.commit(Math.min(reply.highWatermark, core.log.end));',
        replace: 'core.commit(core.log.end);',
      },
    ],
    seed: 6,
  },
  {
    name: 'read-without-leadership-check',
    breaks: 'a read waits until a majority has confirmed the leader',
    changes: [
      {
        file: `${states}/reads.ts`,
        find: 'if (!hasMajority(this.#core.voters.current.ids, this.#confirmed)) return;',
        replace: '',
      },
    ],
    seed: 1128,
  },
  {
    name: 'read-before-the-epoch-commits',
    breaks: 'a new leader serves reads only once an entry of its epoch is committed',
    changes: [
      {
        file: `${states}/leader.ts`,
        find: 'if (this.#epochCommitted) this.#reads.start();',
        replace: 'this.#reads.start();',
      },
    ],
    seed: 1,
  },
  {
    name: 'snapshot-without-voters',
    breaks: 'a snapshot carries the voter set',
    changes: [
      {
        file: 'packages/raft/src/raft.ts',
        find: "const context = core.options.controls.encode(set === null ? [] : [{ kind: 'voters', set }], id);",
        replace: 'const context = core.options.controls.encode([], id);',
      },
    ],
    seed: 11,
  },
  {
    name: 'two-voter-changes-at-once',
    breaks: 'a voter change waits until the one before is committed',
    changes: [
      {
        file: `${states}/leader.ts`,
        find: 'return !this.#epochCommitted || this.#core.voters.index >= this.#core.highWatermark;',
        replace: 'return false;',
      },
    ],
    seed: 1,
  },
  {
    name: 'high-watermark-regresses',
    breaks: 'a high watermark never falls',
    changes: [
      {
        file: 'packages/raft/src/core.ts',
        find: 'if (index <= this.highWatermark) return false;',
        replace: 'if (index === this.highWatermark) return false;',
      },
    ],
    seed: 5,
  },
  {
    name: 'count-what-was-cut-off',
    breaks: 'what was cut off is no longer on the disk',
    changes: [{ file: 'packages/raft/src/outbox.ts', find: '    this.#clamp(end);\n', replace: '' }],
    seed: 8,
  },
  {
    name: 'take-answers-of-a-stale-leader',
    breaks: 'what the leader of an older epoch answers does not bind this one',
    changes: [
      {
        file: 'packages/raft/src/raft.ts',
        find: 'if (fits && reply.epoch === role.epoch && sent.message.epoch === role.epoch) role.onReply(sent, reply);',
        replace: 'if (sent.message.epoch >= 0) role.onReply(sent, reply);',
      },
      {
        file: `${states}/follower.ts`,
        find: `    if (sent.to !== this.leader) {
      this.onFailure(sent);
      return;
    }
`,
        replace: '',
      },
      {
        file: `${states}/follower.ts`,
        find: 'if (request.offset === core.log.end && request.lastEpoch === core.log.lastEpoch) {',
        replace: `if (request.offset <= core.log.end && request.offset >= core.log.start.index) {
      if (request.offset < core.log.end) {
        core.log.truncate(request.offset);
        core.voters.truncate(request.offset);
        core.out.truncate(request.offset);
      }`,
      },
    ],
    seed: 63,
  },
  {
    name: 'accept-a-gap',
    breaks: 'a follower takes only entries that follow its log',
    changes: [
      {
        file: `${states}/follower.ts`,
        find: 'if (request.offset === core.log.end && request.lastEpoch === core.log.lastEpoch) {',
        replace: 'if (request.offset >= 0) {',
      },
      {
        file: `${states}/follower.ts`,
        find: 'if (!this.#follows(reply.entries)) {',
        replace: 'if (reply.entries.length === 0) {',
      },
      {
        file: 'packages/raft/src/log-shape.ts',
        find: `    assert(
      index === this.#end && span >= 1,
      () => \`entry at \${index} (+\${span}) does not follow the log end \${this.#end}\`,
    );
`,
        replace: '',
      },
    ],
    seed: 15,
  },
];
