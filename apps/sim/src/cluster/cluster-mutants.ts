import type { Mutant } from '../mutate.ts';

const broker = 'packages/broker/src';
const controller = 'packages/kraft/src/controller';

/** Broken builds of the nodes of a cluster, each with one rule taken out. Simulated clusters have to find every one. */
export const clusterMutants: readonly Mutant[] = [
  {
    name: 'acknowledge-before-the-isr-has-it',
    breaks: 'acks=all waits until every in-sync replica has the records',
    changes: [
      {
        file: `${broker}/replicas/produce.ts`,
        find: 'else if (leadership.highWatermark < end) return false;',
        replace: 'else if (leadership.highWatermark < 0) return false;',
      },
    ],
    seed: 1,
  },
  {
    name: 'answer-before-commit',
    breaks: 'a controller answers when its records are committed',
    changes: [{ file: `${controller}/quorum-controller.ts`, find: 'await this.#log.settled();', replace: '' }],
    seed: 1,
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
    name: 'isr-of-a-broker-that-was-replaced',
    breaks: 'a replica joins an ISR under the registration that its leader saw only',
    changes: [
      {
        file: `${controller}/alter-partition.ts`,
        find: 'isIsrEligible(situation.image.brokers.get(node), (epochs.get(node) ?? NO_BROKER_EPOCH) as BrokerEpoch)',
        replace: 'isIsrEligible(situation.image.brokers.get(node), NO_BROKER_EPOCH as BrokerEpoch)',
      },
      {
        file: `${broker}/replicas/replica-manager.ts`,
        find: 'isEligible: (node, seenEpoch) => isIsrEligible(parts.view().brokers.get(node), seenEpoch),',
        replace: 'isEligible: (node) => isIsrEligible(parts.view().brokers.get(node), -1 as never),',
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
    seed: 119,
  },
  {
    name: 'keep-where-replicas-lie-to-oneself',
    breaks: 'a broker tells in which directory its replicas lie',
    changes: [
      {
        file: `${broker}/replicas/replica-manager.ts`,
        find: 'if (!this.#closed) this.#placements.look(changes.flatMap((change) => this.#placed(change)));',
        replace: '',
      },
    ],
    seed: 51,
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
    seed: 1,
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
    seed: 1,
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
    name: 'high-watermark-without-who-joins',
    breaks: 'who is about to join an ISR holds the high watermark back',
    changes: [
      {
        file: `${broker}/replicas/leadership.ts`,
        find: 'if (counted.includes(node) || this.#mayJoinSoon(node, follower, logEnd, nowMs)) ends.push(follower.logEnd);',
        replace: 'if (this.#state.isr.includes(node)) ends.push(follower.logEnd);',
      },
    ],
    seed: 1,
  },
  {
    name: 'serve-in-an-old-epoch',
    breaks: 'who asks in another leader epoch is refused',
    changes: [
      {
        file: `${broker}/replicas/partition.ts`,
        find: 'if (currentLeaderEpoch >= 0) {',
        replace: 'if (currentLeaderEpoch < -1) {',
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
    seed: 101,
  },
];
