import { type Init, ZERO_UUID } from '@biquorum/kafka-wire';
import {
  type LeaderAndIsrRequest,
  type LeaderAndIsrResponse,
  leaderAndIsrRequest,
  leaderAndIsrResponse,
} from '@biquorum/kafka-wire/messages/leader-and-isr';
import {
  type StopReplicaRequest,
  type StopReplicaResponse,
  stopReplicaRequest,
  stopReplicaResponse,
} from '@biquorum/kafka-wire/messages/stop-replica';
import {
  type UpdateMetadataRequest,
  type UpdateMetadataRequestUpdateMetadataPartitionState,
  type UpdateMetadataResponse,
  updateMetadataRequest,
  updateMetadataResponse,
} from '@biquorum/kafka-wire/messages/update-metadata';
import type { NodeId, SecurityProtocol } from '@biquorum/metadata';
import type { Assignment } from './assignment.ts';
import type { BrokerChannels } from './broker-channels.ts';
import { type ControllerContext, endpointOf, type LiveBroker, type Partition, type Topic } from './context.ts';
import type { Leadership } from './leadership.ts';
import type { PushVersions } from './push-versions.ts';

/** What brokers answer to what they are told. */
export interface PushAnswers {
  leaderAndIsr(broker: NodeId, response: LeaderAndIsrResponse): void;
  updateMetadata(broker: NodeId, response: UpdateMetadataResponse): void;
  stopReplica(broker: NodeId, response: StopReplicaResponse): void;
}

/** What a batch needs to be sent. */
export interface BatchHost {
  readonly brokerId: NodeId;
  readonly interBrokerListener: string;
  readonly versions: PushVersions;
  readonly context: ControllerContext;
  readonly channels: BrokerChannels;
  readonly answers: PushAnswers;
}

/** Leader of a partition that is being deleted. */
const LEADER_DURING_DELETE = -2;
/** Leader epoch in StopReplica that no broker compares with its own. */
const EPOCH_DURING_DELETE = -2;
const NO_EPOCH = -1;

/**
 * Gathers what one transition has to tell to brokers: at most one request of each kind for each of them, sent in the
 * order LeaderAndIsr, UpdateMetadata, StopReplica. Source: Java `AbstractControllerBrokerRequestBatch`.
 */
export class RequestBatch {
  readonly #host: BatchHost;
  readonly #leaderAndIsr: Map<NodeId, Map<Partition, LeaderAndIsrEntry>> = new Map();
  readonly #stops: Map<NodeId, Map<Partition, StopEntry>> = new Map();
  readonly #informed: Set<NodeId> = new Set();
  readonly #told: Map<Partition, boolean> = new Map();

  constructor(host: BatchHost) {
    this.#host = host;
  }

  /** Tells brokers to lead or follow; all brokers hear of the partition. */
  leaderAndIsr(
    brokers: readonly NodeId[],
    partition: Partition,
    leadership: Leadership,
    assignment: Assignment,
    isNew: boolean,
  ): void {
    for (const id of brokers) {
      const entries = entriesOf(this.#leaderAndIsr, id);
      entries.set(partition, { leadership, assignment, isNew: isNew || entries.get(partition)?.isNew === true });
    }
    this.updateAll([partition]);
  }

  /** Tells a broker to stop a replica, and to remove its log where it is to be deleted. */
  stopReplica(broker: NodeId, partition: Partition, deletes: boolean): void {
    const leaderEpoch = this.#host.context.isDoomed(partition)
      ? EPOCH_DURING_DELETE
      : (partition.leadership?.leaderEpoch ?? NO_EPOCH);
    const entries = entriesOf(this.#stops, broker);
    entries.set(partition, { leaderEpoch, deletes: deletes || entries.get(partition)?.deletes === true });
  }

  /** Tells brokers who is live, and what became of these partitions. */
  update(brokers: Iterable<NodeId>, partitions: Iterable<Partition>): void {
    for (const id of brokers) this.#informed.add(id);
    // As it is now: a topic that is to be deleted may be gone from the context when the batch is sent.
    for (const partition of partitions) this.#told.set(partition, this.#host.context.isDoomed(partition));
  }

  /** As {@link RequestBatch.update}, to all. */
  updateAll(partitions: Iterable<Partition>): void {
    this.update(this.#host.context.brokers.keys(), partitions);
  }

  /** Hands everything to the brokers' queues. */
  send(): void {
    const { context } = this.#host;
    for (const [id, entries] of this.#leaderAndIsr) {
      const broker = context.brokers.get(id);
      if (broker !== undefined) this.#sendLeaderAndIsr(broker, entries);
    }
    this.#sendUpdates();
    for (const [id, entries] of this.#stops) {
      const broker = context.brokers.get(id);
      if (broker !== undefined) this.#sendStopReplica(broker, entries);
    }
    this.#leaderAndIsr.clear();
    this.#stops.clear();
    this.#informed.clear();
    this.#told.clear();
  }

  #sendLeaderAndIsr(broker: LiveBroker, entries: ReadonlyMap<Partition, LeaderAndIsrEntry>): void {
    const { brokerId, context, channels, versions, answers, interBrokerListener } = this.#host;
    const leaders = new Set([...entries.values()].map(({ leadership }) => leadership.leader));
    const liveLeaders = [...context.brokers.values()].flatMap((one) => {
      const endpoint = leaders.has(one.id) ? endpointOf(one, interBrokerListener) : undefined;
      return endpoint === undefined ? [] : [{ brokerId: one.id, hostName: endpoint.host, port: endpoint.port }];
    });
    const body: Init<LeaderAndIsrRequest> = {
      controllerId: brokerId,
      controllerEpoch: context.epoch,
      brokerEpoch: broker.epoch,
      topicStates: byTopic(entries, ({ name, id }, rows) => ({
        topicName: name,
        topicId: id,
        partitionStates: rows.map(([{ index }, { leadership, assignment, isNew }]) => ({
          partitionIndex: index,
          controllerEpoch: leadership.controllerEpoch,
          leader: leadership.leader,
          leaderEpoch: leadership.leaderEpoch,
          isr: leadership.isr,
          partitionEpoch: leadership.partitionEpoch,
          replicas: assignment.replicas,
          addingReplicas: assignment.adding,
          removingReplicas: assignment.removing,
          isNew,
          leaderRecoveryState: leadership.recovering && versions.tellsRecovery ? 1 : 0,
        })),
      })),
      liveLeaders,
    };
    channels.send(broker.id, {
      request: leaderAndIsrRequest,
      response: leaderAndIsrResponse,
      version: versions.leaderAndIsr,
      body: () => leaderAndIsrRequest.toBytes(body, versions.leaderAndIsr),
      answered: (response) => answers.leaderAndIsr(broker.id, response),
    });
  }

  #sendUpdates(): void {
    const { brokerId, context, channels, versions, answers } = this.#host;
    if (this.#informed.size === 0) return;
    const known = [...this.#told].filter(([{ leadership }]) => leadership !== null);
    const common: Init<UpdateMetadataRequest> = {
      controllerId: brokerId,
      controllerEpoch: context.epoch,
      topicStates: byTopic(new Map(known), ({ name, id }, rows) => ({
        topicName: name,
        topicId: versions.updateMetadata >= 7 ? id : ZERO_UUID,
        partitionStates: rows.map(([partition, isDoomed]) => this.#metadataOf(partition, isDoomed)),
      })),
      liveBrokers: [...context.brokers.values()].map(({ id, rack, endpoints }) => ({
        id,
        rack,
        endpoints: endpoints.map(({ listener, host, port, securityProtocol }) => ({
          listener,
          host,
          port,
          securityProtocol: PROTOCOL_IDS[securityProtocol],
        })),
      })),
    };
    for (const id of this.#informed) {
      const broker = context.brokers.get(id);
      if (broker === undefined) continue;
      channels.send(id, {
        request: updateMetadataRequest,
        response: updateMetadataResponse,
        version: versions.updateMetadata,
        body: () => updateMetadataRequest.toBytes({ ...common, brokerEpoch: broker.epoch }, versions.updateMetadata),
        answered: (response) => answers.updateMetadata(id, response),
      });
    }
  }

  #metadataOf(partition: Partition, isDoomed: boolean): Init<UpdateMetadataRequestUpdateMetadataPartitionState> {
    const { index, assignment } = partition;
    const { leader, leaderEpoch, isr, partitionEpoch, controllerEpoch } = partition.leadership as Leadership;
    return {
      partitionIndex: index,
      controllerEpoch,
      leader: isDoomed ? LEADER_DURING_DELETE : leader,
      leaderEpoch: isDoomed ? 0 : leaderEpoch,
      isr,
      zkVersion: isDoomed ? 0 : partitionEpoch,
      replicas: assignment.replicas,
      offlineReplicas: assignment.replicas.filter((id) => !this.#host.context.isOnline(id, partition)),
    };
  }

  #sendStopReplica(broker: LiveBroker, entries: ReadonlyMap<Partition, StopEntry>): void {
    const { brokerId, context, channels, versions, answers } = this.#host;
    const body: Init<StopReplicaRequest> = {
      controllerId: brokerId,
      controllerEpoch: context.epoch,
      brokerEpoch: broker.epoch,
      topicStates: byTopic(entries, ({ name }, rows) => ({
        topicName: name,
        partitionStates: rows.map(([{ index }, { leaderEpoch, deletes }]) => ({
          partitionIndex: index,
          leaderEpoch,
          deletePartition: deletes,
        })),
      })),
    };
    channels.send(broker.id, {
      request: stopReplicaRequest,
      response: stopReplicaResponse,
      version: versions.stopReplica,
      body: () => stopReplicaRequest.toBytes(body, versions.stopReplica),
      answered: (response) => answers.stopReplica(broker.id, response),
    });
  }
}

interface LeaderAndIsrEntry {
  readonly leadership: Leadership;
  readonly assignment: Assignment;
  readonly isNew: boolean;
}

interface StopEntry {
  readonly leaderEpoch: number;
  readonly deletes: boolean;
}

/** Kafka's numbers. */
const PROTOCOL_IDS: Readonly<Record<SecurityProtocol, number>> = {
  PLAINTEXT: 0,
  SSL: 1,
  SASL_PLAINTEXT: 2,
  SASL_SSL: 3,
};

function entriesOf<Entry>(map: Map<NodeId, Map<Partition, Entry>>, id: NodeId): Map<Partition, Entry> {
  const known = map.get(id);
  if (known !== undefined) return known;
  const fresh = new Map<Partition, Entry>();
  map.set(id, fresh);
  return fresh;
}

function byTopic<Entry, Row>(
  entries: ReadonlyMap<Partition, Entry>,
  rowOf: (topic: Topic, partitions: readonly (readonly [Partition, Entry])[]) => Row,
): Row[] {
  const topics = new Map<Topic, [Partition, Entry][]>();
  for (const entry of entries) {
    const rows = topics.get(entry[0].topic);
    if (rows === undefined) topics.set(entry[0].topic, [entry]);
    else rows.push(entry);
  }
  return [...topics].map(([topic, rows]) => rowOf(topic, rows));
}
