import { join } from 'node:path';
import { uuid } from '@biquorum/kafka-wire';
import {
  type DescribeQuorumResponsePartitionData,
  describeQuorumRequest,
  describeQuorumResponse,
} from '@biquorum/kafka-wire/messages/describe-quorum';
import type { InitialQuorum } from '@biquorum/kraft';
import { freePorts, LOOPBACK } from '../apache/ports.ts';
import type { Properties } from '../apache/properties.ts';
import { ask } from '../configs/ask.ts';
import type { Java } from '../java/java.ts';
import { MixedCluster, SMALL } from '../mixed-cluster/cluster.ts';
import type { Make } from '../mixed-cluster/node.ts';
import { until } from '../mixed-cluster/until.ts';
import { type KraftNodePlan, KraftNodeProcess } from './node.ts';

/**
 * What a cluster consists of. Brokers are numbered from 1, controllers from 101, in the order of the lists; nodes that
 * are both come after the brokers.
 */
export interface ClusterPlan {
  readonly root: string;
  readonly controllers?: readonly Make[];
  readonly brokers?: readonly Make[];
  readonly combined?: readonly Make[];
  /** Whether voters stand in the log (KIP-853), at first only the first node that is a controller. */
  readonly dynamic?: boolean;
  /** For every node, over those that make it small. */
  readonly properties?: Properties;
  /** Over these, for nodes of a make. */
  readonly propertiesOf?: Partial<Readonly<Record<Make, Properties>>>;
}

const FIRST_CONTROLLER = 101;
const QUORUM_QUESTION = { topics: [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }] };
/** Of the first voter of a dynamic quorum: any will do. */
const FIRST_DIRECTORY = uuid('Axt-zhbhRvGoHt3e_TDLcQ');

/** A cluster in KRaft mode in which each node is ours or Apache's. */
export class KraftCluster extends MixedCluster<KraftNodeProcess> {
  /** Plans and formats all nodes; starts none. */
  static async prepare(java: Java, plan: ClusterPlan): Promise<KraftCluster> {
    const nodes = (await planNodes(plan)).map((node) => new KraftNodeProcess(node, java));
    const first = nodes.find((node) => node.plan.controller !== '');
    for (const node of nodes) await node.format(plan.dynamic ? quorumOf(node, first) : UNWRITTEN);
    return new KraftCluster(nodes);
  }

  /** Any broker: they carry administration to the active controller. */
  override administratorFor(id: number): Promise<string> {
    return Promise.resolve(this.node(id).plan.client);
  }

  /** An id is free at once. */
  override restart(id: number): Promise<void> {
    return this.node(id).start();
  }

  get controllers(): readonly KraftNodeProcess[] {
    return [...this.nodes.values()].filter(({ plan }) => plan.controller !== '');
  }

  /** Starts nodes, all of them by default; controllers before brokers, each kind at once. */
  async start(ids: readonly number[] = [...this.nodes.keys()]): Promise<void> {
    const chosen = ids.map((id) => this.node(id));
    const controllers = chosen.filter(({ plan }) => plan.controller !== '');
    const others = chosen.filter(({ plan }) => plan.controller === '');
    await Promise.all(controllers.map((node) => node.start()));
    await Promise.all(others.map((node) => node.start()));
  }

  /** Waits until all serving controllers agree on a leader that will do; returns its id. */
  untilActive(what: string, accept: (id: number) => boolean = () => true): Promise<number> {
    const seen = (): Promise<readonly (number | undefined)[]> =>
      Promise.all(
        this.controllers.filter(({ isServing }) => isServing).map(({ plan }) => leaderAsToldBy(plan.controller)),
      );
    return until(
      `an active controller that is ${what}`,
      async () => {
        const told = (await seen()).filter((id) => id !== undefined);
        // Only the leader answers; who follows answers that it is not.
        const [leader] = told;
        return leader !== undefined && told.length === 1 && accept(leader) ? leader : undefined;
      },
      seen,
    );
  }

  /** Those who follow the quorum without a vote, and how many records they lack, as its leader tells. */
  async observers(leader: number): Promise<readonly { readonly id: number; readonly lag: number }[]> {
    const { observers, currentVoters } = await this.#quorumAsToldBy(leader);
    const end = Math.max(...currentVoters.map(({ logEndOffset }) => logEndOffset));
    return observers
      .map(({ replicaId, logEndOffset }) => ({ id: replicaId, lag: end - logEndOffset }))
      .toSorted((a, b) => a.id - b.id);
  }

  /** Ids of those who vote, as the leader tells. */
  async voters(leader: number): Promise<readonly number[]> {
    const { currentVoters } = await this.#quorumAsToldBy(leader);
    return currentVoters.map(({ replicaId }) => replicaId).toSorted((a, b) => a - b);
  }

  async #quorumAsToldBy(leader: number): Promise<DescribeQuorumResponsePartitionData> {
    const { controller } = this.node(leader).plan;
    const answer = await ask(controller, describeQuorumRequest, describeQuorumResponse, 2, QUORUM_QUESTION);
    const partition = answer.topics[0]?.partitions[0];
    if (partition?.errorCode !== 0) throw new Error(`${leader} does not lead: ${JSON.stringify(partition)}`);
    return partition;
  }
}

const UNWRITTEN: InitialQuorum = { kind: 'unwritten', dynamic: false };

/** Each of the others is told of the first controller by its own properties, and may become a voter later. */
function quorumOf({ plan }: KraftNodeProcess, first: KraftNodeProcess | undefined): InitialQuorum {
  if (first === undefined || plan.id !== first.plan.id) return { kind: 'unwritten', dynamic: true };
  const port = Number(plan.controller.split(':')[1]);
  const voter = { id: plan.id, directoryId: FIRST_DIRECTORY, host: LOOPBACK, port };
  return { kind: 'voters', voters: [voter], listener: 'CONTROLLER' };
}

interface Seat {
  readonly id: number;
  readonly make: Make;
  readonly roles: 'broker' | 'controller' | 'broker,controller';
}

async function planNodes(plan: ClusterPlan): Promise<readonly KraftNodePlan[]> {
  const { controllers = [], brokers = [], combined = [], dynamic = false, properties = {}, propertiesOf = {} } = plan;
  const seats: readonly Seat[] = [
    ...controllers.map((make, at): Seat => ({ id: FIRST_CONTROLLER + at, make, roles: 'controller' })),
    ...brokers.map((make, at): Seat => ({ id: 1 + at, make, roles: 'broker' })),
    ...combined.map((make, at): Seat => ({ id: 1 + brokers.length + at, make, roles: 'broker,controller' })),
  ];
  const ports = await freePorts(2 * seats.length);
  const nodes = seats.map((seat, at) => ({
    ...seat,
    client: seat.roles === 'controller' ? '' : `${LOOPBACK}:${ports[2 * at]}`,
    controller: seat.roles === 'broker' ? '' : `${LOOPBACK}:${ports[2 * at + 1]}`,
  }));
  const voters = nodes.filter(({ controller }) => controller !== '');
  const quorum: Properties = dynamic
    ? { 'controller.quorum.bootstrap.servers': voters.map(({ controller }) => controller).join() }
    : { 'controller.quorum.voters': voters.map(({ id, controller }) => `${id}@${controller}`).join() };
  return nodes.map(({ id, make, roles, client, controller }): KraftNodePlan => {
    const listeners = [client && `PLAINTEXT://${client}`, controller && `CONTROLLER://${controller}`];
    return {
      id,
      make,
      client,
      controller,
      directory: join(plan.root, `node-${id}`),
      properties: {
        'process.roles': roles,
        'node.id': id,
        listeners: listeners.filter((listener) => listener !== '').join(),
        'controller.listener.names': 'CONTROLLER',
        'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
        ...quorum,
        ...SMALL,
        ...properties,
        ...propertiesOf[make],
      },
    };
  });
}

/** The controller's id, if it says of itself that it leads. */
async function leaderAsToldBy(address: string): Promise<number | undefined> {
  try {
    const answer = await ask(address, describeQuorumRequest, describeQuorumResponse, 2, QUORUM_QUESTION);
    const [partition] = answer.topics[0]?.partitions ?? [];
    return partition?.errorCode === 0 ? partition.leaderId : undefined;
  } catch {
    return undefined;
  }
}
