import type { RequestContext } from '@biquorum/control-plane';
import { errorName, type Init, type MessageCodec, type Uuid, uuid } from '@biquorum/kafka-wire';
import { alterPartitionRequest, alterPartitionResponse } from '@biquorum/kafka-wire/messages/alter-partition';
import {
  alterPartitionReassignmentsRequest,
  alterPartitionReassignmentsResponse,
} from '@biquorum/kafka-wire/messages/alter-partition-reassignments';
import {
  type BrokerHeartbeatRequest,
  brokerHeartbeatRequest,
  brokerHeartbeatResponse,
} from '@biquorum/kafka-wire/messages/broker-heartbeat';
import {
  type BrokerRegistrationRequest,
  brokerRegistrationRequest,
  brokerRegistrationResponse,
} from '@biquorum/kafka-wire/messages/broker-registration';
import { createTopicsRequest, createTopicsResponse } from '@biquorum/kafka-wire/messages/create-topics';
import type { MetadataRecord } from '@biquorum/kafka-wire/metadata-records';
import {
  type ConfigRules,
  type ControllerSettings,
  MetadataLoader,
  QuorumController,
  type QuorumControllerOptions,
} from '@biquorum/kraft';
import type { PartitionState } from '@biquorum/metadata';
import { MemoryWorld } from '@biquorum/platform/testing';
import { MemoryJournal } from './memory-journal.ts';

export const CLUSTER_ID = 'kraftkraftkraftkraftkg';

/** Rules of three keys; the real table is the broker's. */
export const RULES: ConfigRules = {
  check(resource, values) {
    if (resource.type !== 'topic') return null;
    for (const [key, value] of values) {
      if (!['retention.ms', 'cleanup.policy', 'unclean.leader.election.enable', 'min.insync.replicas'].includes(key)) {
        return `Unknown topic config name: ${key}`;
      }
      if (key === 'retention.ms' && !/^-?\d+$/.test(value)) return `Invalid value ${value} for ${key}`;
    }
    return null;
  },
  isList: (_resource, key) => key === 'cleanup.policy',
  defaultOf: (_resource, key) => (key === 'cleanup.policy' ? 'delete' : null),
  describeTopic: ({ topic }) =>
    ['cleanup.policy', 'retention.ms'].map((name) => ({
      name,
      value: topic.get(name) ?? (name === 'retention.ms' ? '604800000' : 'delete'),
      readOnly: false,
      configSource: topic.has(name) ? 1 : 5,
      isSensitive: false,
    })),
  staticTopicValue: (key) => (key === 'unclean.leader.election.enable' ? 'false' : null),
  describeConfigs: (nodeId, view, { resources }) => ({
    results: resources.map(({ resourceType, resourceName }) => ({
      resourceType,
      resourceName: `${resourceName} at ${nodeId}`,
      configs: [...view.configOf({ type: 'broker', name: resourceName })].map(([name, value]) => ({ name, value })),
    })),
  }),
};

export const CLIENT: RequestContext = {
  listener: 'CONTROLLER',
  securityProtocol: 'PLAINTEXT',
  principal: { type: 'User', name: 'ANONYMOUS' },
  clientAddress: '127.0.0.1',
  clientId: 'test',
};

export interface KitOptions {
  readonly metadataLevel?: number;
  readonly settings?: Partial<ControllerSettings>;
  readonly authorize?: QuorumControllerOptions['authorize'];
  readonly seed?: number;
}

/** A controller on a memory journal, in virtual time, and the requests that its brokers and clients send. */
export class ControllerKit {
  readonly world: MemoryWorld;
  readonly loader: MetadataLoader = new MetadataLoader(CLUSTER_ID);
  readonly journal: MemoryJournal = new MemoryJournal(this.loader);
  readonly controller: QuorumController;
  readonly epochs: Map<number, number> = new Map();

  constructor({ metadataLevel = 21, settings = {}, authorize, seed = 1 }: KitOptions = {}) {
    this.world = new MemoryWorld({ seed });
    this.controller = new QuorumController({
      nodeId: 100,
      clusterId: CLUSTER_ID,
      ports: this.world.addHost('controller').ports,
      loader: this.loader,
      journal: this.journal,
      bootstrap: [
        {
          message: { type: 'FeatureLevelRecord', record: { name: 'metadata.version', featureLevel: metadataLevel } },
          version: 0,
        },
      ],
      supportedFeatures: new Map([['metadata.version', { min: 1, max: 21 }]]),
      quorumNodeIds: () => [100],
      // Tests that are about idleness ask for it.
      settings: { maxIdleIntervalMs: 0, ...settings },
      configRules: RULES,
      ...(authorize === undefined ? {} : { authorize }),
    });
  }

  /** Active, with these brokers unfenced. */
  static async withBrokers(ids: readonly number[], options: KitOptions = {}): Promise<ControllerKit> {
    const kit = new ControllerKit(options);
    kit.journal.lead();
    for (const id of ids) await kit.startBroker(id);
    return kit;
  }

  /** Sends a request and reads the answer, both as bytes. */
  async call<Request, Response>(
    request: MessageCodec<Request>,
    response: MessageCodec<Response>,
    body: Init<Request>,
    apiVersion: number = request.highestVersion,
    context: RequestContext = CLIENT,
  ): Promise<Response> {
    const apiKey = request.table.apiKey as number;
    const bytes = request.toBytes(body, apiVersion);
    return response.fromBytes(await this.controller.handle({ apiKey, apiVersion, body: bytes, context }), apiVersion);
  }

  /** Registers an incarnation of a broker; returns the error's name or `NONE`. */
  async register(id: number, more: Init<BrokerRegistrationRequest> = {}): Promise<string> {
    const { errorCode, brokerEpoch } = await this.call(brokerRegistrationRequest, brokerRegistrationResponse, {
      brokerId: id,
      clusterId: CLUSTER_ID,
      incarnationId: incarnation(id),
      listeners: [{ name: 'PLAINTEXT', host: `host${id}`, port: 9092, securityProtocol: 0 }],
      features: [{ name: 'metadata.version', minSupportedVersion: 1, maxSupportedVersion: 21 }],
      rack: null,
      logDirs: [directory(id)],
      ...more,
    });
    if (errorCode === 0) this.epochs.set(id, brokerEpoch);
    return errorName(errorCode);
  }

  /** A heartbeat; returns its flags, or the error's name. */
  async beat(id: number, more: Init<BrokerHeartbeatRequest> = {}): Promise<string> {
    const { errorCode, isCaughtUp, isFenced, shouldShutDown } = await this.call(
      brokerHeartbeatRequest,
      brokerHeartbeatResponse,
      { brokerId: id, brokerEpoch: this.epoch(id), currentMetadataOffset: this.journal.endOffset, ...more },
    );
    if (errorCode !== 0) return errorName(errorCode);
    const flags = { caughtUp: isCaughtUp, fenced: isFenced, shutDown: shouldShutDown };
    return Object.entries(flags)
      .filter(([, on]) => on)
      .map(([name]) => name)
      .join(' ');
  }

  epoch(id: number): number {
    return this.epochs.get(id) ?? -1;
  }

  /** Registers a broker and unfences it. */
  async startBroker(id: number, more: Init<BrokerRegistrationRequest> = {}): Promise<void> {
    await this.register(id, more);
    await this.beat(id, { wantFence: false });
  }

  /** Creates a topic with these replicas; returns the error's name. */
  async assign(name: string, assignment: readonly (readonly number[])[], configs: Record<string, string> = {}) {
    const topic = {
      name,
      numPartitions: -1,
      replicationFactor: -1,
      assignments: assignment.map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds })),
      configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
    };
    const { topics } = await this.call(createTopicsRequest, createTopicsResponse, { topics: [topic] });
    return errorName(topics[0]?.errorCode ?? -1);
  }

  /** Proposes an ISR on the present epochs; returns the error's name. */
  async alterIsr(
    name: string,
    index: number,
    isr: readonly number[],
    more: {
      readonly leader?: number;
      readonly leaderEpoch?: number;
      readonly partitionEpoch?: number;
      readonly recovering?: boolean;
      readonly epochs?: Readonly<Record<number, number>>;
      readonly version?: number;
    } = {},
  ): Promise<string> {
    const state = this.partition(name, index);
    const leader = more.leader ?? state.leader;
    const version = more.version ?? 3;
    const response = await this.call(
      alterPartitionRequest,
      alterPartitionResponse,
      {
        brokerId: leader,
        brokerEpoch: this.epoch(leader),
        topics: [
          {
            ...(version > 1 ? { topicId: this.topicId(name) } : { topicName: name }),
            partitions: [
              {
                partitionIndex: index,
                leaderEpoch: more.leaderEpoch ?? state.leaderEpoch,
                partitionEpoch: more.partitionEpoch ?? state.partitionEpoch,
                leaderRecoveryState: (more.recovering ?? false) ? 1 : 0,
                ...(version < 3
                  ? { newIsr: isr }
                  : {
                      newIsrWithEpochs: isr.map((brokerId) => ({
                        brokerId,
                        brokerEpoch: more.epochs?.[brokerId] ?? this.epoch(brokerId),
                      })),
                    }),
              },
            ],
          },
        ],
      },
      version,
    );
    return errorName(
      response.errorCode === 0 ? (response.topics[0]?.partitions[0]?.errorCode ?? -1) : response.errorCode,
    );
  }

  /** Asks for a reassignment (null cancels it); returns the error's name. */
  async reassign(name: string, index: number, replicas: readonly number[] | null): Promise<string> {
    const { errorCode, responses } = await this.call(
      alterPartitionReassignmentsRequest,
      alterPartitionReassignmentsResponse,
      { topics: [{ name, partitions: [{ partitionIndex: index, replicas }] }] },
    );
    return errorName(errorCode === 0 ? (responses[0]?.partitions[0]?.errorCode ?? -1) : errorCode);
  }

  /** Lets virtual time pass. */
  async pass(ms: number): Promise<void> {
    await this.world.time.runFor(ms);
  }

  /** Lets time pass while these brokers send heartbeats. */
  async passWith(ids: readonly number[], ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 2_000) {
      await this.pass(Math.min(left, 2_000));
      for (const id of ids) await this.beat(id);
    }
  }

  partition(name: string, index: number): PartitionState {
    const state = this.loader.image.view.topics.get(name)?.partition(index);
    if (state === undefined) throw new Error(`no partition ${name}-${index}`);
    return state;
  }

  /** A partition in short: `leader/leaderEpoch/partitionEpoch isr of replicas`. */
  brief(name: string, index: number): string {
    const { leader, leaderEpoch, partitionEpoch, isr, replicas, adding, removing, recovering } = this.partition(
      name,
      index,
    );
    const moves = adding.length + removing.length === 0 ? '' : ` +${adding.join()} -${removing.join()}`;
    return `${leader}/${leaderEpoch}/${partitionEpoch} [${isr.join()}] of [${replicas.join()}]${moves}${recovering ? ' recovering' : ''}`;
  }

  topicId(name: string): Uuid {
    return this.loader.image.view.topics.get(name)?.id ?? uuid('AAAAAAAAAAAAAAAAAAAAAA');
  }

  /** The records of the last committed batch that has any. */
  lastRecords(): readonly MetadataRecord[] {
    return this.journal.batches.findLast(({ records }) => records.length > 0)?.records ?? [];
  }
}

export function incarnation(id: number, start: number = 0): Uuid {
  return uuid(`incarnation${String(id).padStart(5, '0')}x${start}AAAA`.slice(0, 21).padEnd(21, 'A').concat('A'));
}

export function directory(id: number, number: number = 0): Uuid {
  return uuid(`directory${String(id).padStart(5, '0')}x${number}AAAAAA`.slice(0, 21).concat('A'));
}
