import type { Mutant } from '../mutate.ts';
import { zookeeperMutants } from './zookeeper/zookeeper-mutants.ts';

const broker = 'packages/broker/src';
const controller = 'packages/kraft/src/controller';

/** Broken builds of the nodes of a cluster, each with one rule taken out. Simulated clusters have to find every one. */
const kraftMutants: readonly Mutant[] = [
  {
    name: 'acknowledge-before-the-isr-has-it',
    breaks: 'acks=all waits until every in-sync replica has the records',
    changes: [
      {
        file: `${broker}/replicas/produce.ts`,
        find: 'leadership === undefined || leadership.highWatermark < end) return false;',
        replace: 'leadership === undefined || leadership.highWatermark < 0) return false;',
      },
    ],
    seed: 3,
  },
  {
    name: 'answer-before-commit',
    breaks: 'a controller answers when its records are committed',
    changes: [{ file: `${controller}/quorum-controller.ts`, find: 'await this.#log.settled();', replace: '' }],
    seed: 225,
  },
  {
    name: 'decide-on-what-is-committed',
    breaks: 'a controller decides on everything it has appended',
    changes: [
      {
        file: `${controller}/quorum-controller.ts`,
        find: 'const { image } = this.#log;',
        replace: 'const image = this.#log.image === null ? null : this.#loader.image;',
      },
    ],
    seed: 1,
  },
  {
    name: 'register-before-fencing',
    breaks: 'a new incarnation of a broker waits until the one before is fenced',
    changes: [
      {
        file: `${controller}/brokers.ts`,
        find: '(!existing.fenced || heartbeats.hasValidSession(brokerId))',
        replace: 'false',
      },
    ],
    seed: 5,
  },
  {
    name: 'followers-keep-what-their-leader-lacks',
    breaks: 'a follower cuts off what its leader does not have',
    changes: [
      {
        file: `${broker}/replication/replica-fetcher.ts`,
        find: 'const { endOffset } = await partition.log.truncateToEpochEnd(leaderEnd);',
        replace: 'const { endOffset } = leaderEnd;',
      },
    ],
    seed: 3,
  },
  {
    name: 'elect-anybody',
    breaks: 'only in-sync replicas are elected',
    changes: [
      {
        file: 'packages/metadata/src/leader-choice.ts',
        find: 'const leads = (node: NodeId): boolean => canLead(node) && isr.includes(node);',
        replace: 'const leads = (node: NodeId): boolean => canLead(node);',
      },
    ],
    seed: 20,
  },
  {
    name: 'show-what-is-not-committed',
    breaks: 'consumers are shown what is committed only',
    changes: [
      {
        file: `${broker}/replicas/fetch.ts`,
        find: "if (fetcher.kind === 'follower') return log.endOffset;",
        replace: "if (fetcher.kind === 'follower' || !fetcher.readCommitted) return log.endOffset;",
      },
    ],
    seed: 1,
  },
  {
    name: 'take-the-new-for-the-old',
    breaks: 'who came back since a leader asked for it to be in the ISR is not let in',
    changes: [
      {
        file: 'packages/metadata/src/isr.ts',
        find: 'return broker.epoch === null || fetchedEpoch === NO_BROKER_EPOCH || broker.epoch === fetchedEpoch;',
        replace: 'return broker.epoch === null || fetchedEpoch === NO_BROKER_EPOCH || broker.epoch >= fetchedEpoch;',
      },
    ],
    seed: 10,
  },
  {
    name: 'commit-without-who-joins',
    breaks: 'who is about to be in the ISR holds the high watermark back',
    changes: [
      {
        file: `${broker}/replicas/leadership.ts`,
        find: 'const counted = this.maximalIsr;',
        replace: 'const counted = isr;',
      },
      {
        file: `${broker}/replicas/leadership.ts`,
        find: 'if (counted.includes(node) || this.#mayJoinSoon(node, follower, logEnd, nowMs)) ends',
        replace: 'if (counted.includes(node)) ends',
      },
    ],
    seed: 38,
  },
  {
    name: 'keep-places-to-oneself',
    breaks: 'a broker tells where its replicas lie',
    changes: [
      {
        file: `${broker}/replicas/placements.ts`,
        find: 'if (placed.length > 0) this.#tell(placed);',
        replace: '',
      },
    ],
    seed: 3,
  },
  {
    name: 'serve-old-epochs',
    breaks: 'nothing is served under an epoch that is over',
    changes: [
      {
        file: `${broker}/replicas/partition.ts`,
        find: "if (currentLeaderEpoch < this.#leaderEpoch) return 'FENCED_LEADER_EPOCH';",
        replace: '',
      },
    ],
    seed: 1,
  },
  {
    name: 'forget-directories',
    breaks: 'the name of a directory is durable before anything in it counts',
    changes: [
      {
        file: 'packages/log/src/manager/log-directory.ts',
        find: 'await disk.syncDirectory(parentOf(at));',
        replace: '',
      },
    ],
    seed: 3,
  },
];

/** Broken builds by the mode of the clusters that have to find them. */
export const clusterMutants: Readonly<Record<string, readonly Mutant[]>> = {
  kraft: kraftMutants,
  zookeeper: zookeeperMutants,
};
