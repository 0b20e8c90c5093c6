import type { Mutant } from '../../mutate.ts';

const controller = 'packages/zookeeper-controller/src/controller';
const plane = 'packages/zookeeper-controller/src/plane';

/** Broken builds of what governs in ZooKeeper mode. Simulated clusters of that mode have to find every one. */
export const zookeeperMutants: readonly Mutant[] = [
  {
    name: 'write-whatever-the-epoch',
    breaks: 'a controller writes nothing once another one has been elected',
    changes: [
      {
        file: `${controller}/fenced-writes.ts`,
        find: "{ op: 'check', path: PATHS.controllerEpoch, version: this.#epochZkVersion };",
        replace: "{ op: 'check', path: PATHS.controllerEpoch, version: -1 };",
      },
    ],
    seed: 14,
  },
  {
    name: 'keep-the-controller-epoch',
    breaks: 'each term of office has an epoch of its own',
    changes: [{ file: `${controller}/election.ts`, find: 'const next = epoch + 1;', replace: 'const next = epoch;' }],
    seed: 1,
  },
  {
    name: 'zombies-push-on',
    breaks: 'a controller that has been succeeded is not obeyed',
    changes: [
      { file: `${controller}/term.ts`, find: 'this.core.channels.close();', replace: '' },
      {
        file: `${plane}/push-gate.ts`,
        find: "if (push.controllerEpoch < this.#controllerEpoch) return 'STALE_CONTROLLER_EPOCH';",
        replace: '',
      },
    ],
    seed: 72,
  },
  {
    name: 'isr-changes-of-any-epoch',
    breaks: 'an ISR changes only from the state that its leader knows',
    changes: [
      {
        file: `${controller}/alter-partition.ts`,
        find: 'leaderEpoch: proposal.leaderEpoch as LeaderEpoch,\n      partitionEpoch: proposal.partitionEpoch as PartitionEpoch,',
        replace: 'leaderEpoch: state.leaderEpoch,\n      partitionEpoch: state.partitionEpoch,',
      },
      {
        file: `${controller}/partition-states.ts`,
        find: 'data: encodePartitionState(leadership), version: leadership.partitionEpoch };',
        replace: 'data: encodePartitionState(leadership), version: -1 };',
      },
    ],
    seed: 156,
  },
  {
    name: 'elect-in-the-same-leader-epoch',
    breaks: 'each leader has an epoch of its own',
    changes: [
      {
        file: `${controller}/leadership.ts`,
        find: 'leaderEpoch: (state.leaderEpoch + 1) as LeaderEpoch,',
        replace: 'leaderEpoch: state.leaderEpoch,',
      },
    ],
    seed: 1,
  },
  {
    name: 'load-half-of-the-states',
    breaks: 'a controller knows the state of every partition before it acts',
    changes: [
      {
        file: `${controller}/term.ts`,
        find: 'of partitions.entries()) partition.leadership = states[position] ?? null;',
        replace:
          'of partitions.entries()) partition.leadership = position % 2 === 0 ? (states[position] ?? null) : null;',
      },
    ],
    seed: 1,
  },
  {
    name: 'load-without-deletions',
    breaks: 'a controller takes up the deletions that another has begun',
    changes: [
      {
        file: `${controller}/term.ts`,
        find: 'await this.#deletion.start(await this.#deletionsWished());',
        replace: 'await this.#deletion.start([]);',
      },
    ],
    seed: 22,
  },
  {
    name: 'tell-new-brokers-nothing',
    breaks: 'a broker that has come is told of everything',
    changes: [
      {
        file: `${controller}/broker-changes.ts`,
        find: 'batch.update(ids, withLeaders(context.partitions()));',
        replace: 'batch.update(ids, []);',
      },
    ],
    seed: 2,
  },
  {
    name: 'stay-unregistered',
    breaks: 'a broker whose session is over registers under a new one',
    changes: [
      {
        file: `${plane}/zookeeper-plane.ts`,
        find: 'if (this.#registration === undefined) return;\n    try {',
        replace: 'if (this.#registration !== undefined) return;\n    try {',
      },
    ],
    seed: 1,
  },
];
