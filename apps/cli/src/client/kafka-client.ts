import { type PeerAddress, PeerError } from '@biquorum/kafka-network';
import { describeClusterRequest, describeClusterResponse } from '@biquorum/kafka-wire/messages/describe-cluster';
import { findCoordinatorRequest, findCoordinatorResponse } from '@biquorum/kafka-wire/messages/find-coordinator';
import { metadataRequest, metadataResponse } from '@biquorum/kafka-wire/messages/metadata';
import type { Clock, Network, Timers } from '@biquorum/platform';
import { CommandFault, UsageError } from '../command.ts';
import { type Api, type Body, BrokerConnection } from './broker-connection.ts';
import { check, KafkaError } from './kafka-error.ts';

/** How to reach a cluster. */
export interface KafkaClientOptions {
  /** `host:port,host:port`. */
  readonly bootstrap: string;
  /** What answers there: brokers, or controllers of a quorum. */
  readonly endpoint: 'broker' | 'controller';
  readonly ports: { readonly network: Network; readonly timers: Timers; readonly clock: Clock };
  readonly clientId: string;
  readonly connectTimeoutMs: number;
  readonly requestTimeoutMs: number;
  /** How long a request is repeated that may succeed later. */
  readonly patienceMs: number;
}

/** A node of a cluster. */
export interface ClusterNode {
  readonly id: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | null;
}

/** Who is there. */
export interface ClusterNodes {
  readonly clusterId: string;
  /** −1 when none is known; in KRaft mode some broker, which hands on what the controller has to do. */
  readonly controllerId: number;
  /** By ascending id. */
  readonly nodes: readonly ClusterNode[];
}

const CLUSTER = { request: describeClusterRequest, response: describeClusterResponse, lowestVersion: 1 };
const METADATA = { request: metadataRequest, response: metadataResponse, lowestVersion: 4 };
const COORDINATOR = { request: findCoordinatorRequest, response: findCoordinatorResponse };

/** The endpoint type of DescribeCluster (KIP-919). */
const CONTROLLERS = 2;
/** Kafka's own answers are larger than this only where a cluster has millions of partitions. */
const RESPONSE_BYTES_MAX = 100 << 20;
const RETRY_AFTER_MS = 100;
/** The first version of FindCoordinator that asks for several keys at once. */
const COORDINATOR_KEYS = 4;

/** Nobody answers who should: that may be over in a while. */
export class UnreachableFault extends CommandFault {
  override readonly name: string = 'UnreachableFault';
}

/** A client of a cluster: knows its nodes, finds who is responsible, and repeats what may succeed later. */
export class KafkaClient {
  readonly #options: KafkaClientOptions;
  readonly #bootstrap: readonly PeerAddress[];
  readonly #connections: Map<string, BrokerConnection> = new Map();
  readonly #nodes: Map<number, ClusterNode> = new Map();
  /** The one that answered last. */
  #reached: PeerAddress | undefined;

  /** Connects when it is asked something. @throws UsageError for a faulty list of servers */
  constructor(options: KafkaClientOptions) {
    this.#options = options;
    this.#bootstrap = parseServers(options.bootstrap);
  }

  get clock(): Clock {
    return this.#options.ports.clock;
  }

  get timers(): Timers {
    return this.#options.ports.timers;
  }

  /** How long a request is repeated that may succeed later. */
  get patienceMs(): number {
    return this.#options.patienceMs;
  }

  /** Asks whichever node answers. @throws UnreachableFault when none does */
  async any<Request, Response>(api: Api<Request, Response>, body: Body<Request>): Promise<Response> {
    const tried: string[] = [];
    for (const address of this.#candidates()) {
      const connection = this.#connection(address);
      try {
        const answer = await connection.ask(api, body);
        this.#reached = address;
        return answer;
      } catch (error) {
        if (!(error instanceof PeerError)) throw error;
        tried.push(`${connection.address} (${reasonOf(error)})`);
      }
    }
    const [who, remedy] =
      this.#options.endpoint === 'broker'
        ? [
            'broker',
            'Is the cluster up, and is that where it listens? "biquorum up" starts one and prints its addresses.',
          ]
        : ['controller', 'Is the quorum up, and are these controllers? --bootstrap-server takes brokers.'];
    throw new UnreachableFault(`no ${who} answers at ${tried.join(', ')}. ${remedy}`);
  }

  /** Whether the node that answers knows a request at all. */
  async offers<Request, Response>(api: Api<Request, Response>): Promise<boolean> {
    if (this.#reached === undefined) await this.nodes();
    return this.#connection(this.#reached ?? (this.#bootstrap[0] as PeerAddress)).offers(api);
  }

  /** Asks a node by its id. @throws PeerError when no answer came, UnreachableFault when there is no such node */
  async node<Request, Response>(id: number, api: Api<Request, Response>, body: Body<Request>): Promise<Response> {
    let node = this.#nodes.get(id);
    if (node === undefined) {
      await this.nodes();
      node = this.#nodes.get(id);
    }
    if (node === undefined) {
      const ids = [...this.#nodes.keys()].sort((left, right) => left - right);
      throw new UnreachableFault(`there is no node ${id} that is alive; there are ${ids.join(', ') || 'none'}.`);
    }
    return this.#connection(node).ask(api, body);
  }

  /** Asks the controller, or in KRaft mode a broker that hands it on. */
  async controller<Request, Response>(api: Api<Request, Response>, body: Body<Request>): Promise<Response> {
    const { controllerId } = await this.nodes();
    if (controllerId < 0) throw new KafkaError('controller of the cluster', NOT_CONTROLLER);
    return this.node(controllerId, api, body);
  }

  /** The live nodes and the controller, as the node that answers knows them. */
  async nodes(): Promise<ClusterNodes> {
    return this.#options.endpoint === 'broker' ? this.#brokers() : this.#controllers();
  }

  /** Where the coordinator of a group is. */
  async coordinator(group: string): Promise<number> {
    return this.retrying(async () => {
      const answer = await this.any(COORDINATOR, (version) =>
        version >= COORDINATOR_KEYS ? { keyType: 0, coordinatorKeys: [group] } : { keyType: 0, key: group },
      );
      const { errorCode, errorMessage, nodeId } = answer.coordinators[0] ?? answer;
      check(`coordinator of group ${group}`, errorCode, errorMessage);
      if (!this.#nodes.has(nodeId)) await this.nodes();
      return nodeId;
    });
  }

  /** Asks the coordinator of a group, and the next one when it has moved. */
  async askCoordinator<Request, Response>(
    group: string,
    api: Api<Request, Response>,
    body: Body<Request>,
    errorOf: (response: Response) => number,
  ): Promise<Response> {
    return this.retrying(async () => {
      const response = await this.node(await this.coordinator(group), api, body);
      const errorCode = errorOf(response);
      if (MOVED.has(errorCode)) throw new KafkaError(`group ${group}`, errorCode);
      return response;
    });
  }

  /**
   * Repeats an attempt while it fails with what may be over soon, for as long as the client is patient.
   *
   * @param mayRepeat whether the attempt may be made again after a connection broke in the middle of it
   */
  async retrying<T>(attempt: () => Promise<T>, mayRepeat: boolean = true): Promise<T> {
    const deadlineMs = this.clock.monotonicMs() + this.#options.patienceMs;
    for (;;) {
      try {
        return await attempt();
      } catch (error) {
        if (!isTransient(error, mayRepeat) || this.clock.monotonicMs() >= deadlineMs) throw asFault(error);
        await this.pause(RETRY_AFTER_MS);
        if (error instanceof PeerError) this.#nodes.clear();
      }
    }
  }

  /** Resolves after a time, or when somebody wants to stop. */
  pause(delayMs: number, stop?: Promise<unknown>): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#options.ports.timers.set(delayMs, resolve);
      void stop?.then(() => {
        timer.cancel();
        resolve();
      });
    });
  }

  close(): void {
    for (const connection of this.#connections.values()) connection.close();
    this.#connections.clear();
  }

  async #brokers(): Promise<ClusterNodes> {
    const { brokers, clusterId, controllerId } = await this.any(METADATA, {
      topics: [],
      allowAutoTopicCreation: false,
    });
    return this.#know(
      clusterId ?? '',
      controllerId,
      brokers.map(({ nodeId, host, port, rack }) => ({ id: nodeId, host, port, rack })),
    );
  }

  async #controllers(): Promise<ClusterNodes> {
    const answer = await this.any(CLUSTER, { endpointType: CONTROLLERS });
    if (answer.errorCode !== 0) {
      throw new CommandFault(
        `${this.#options.bootstrap} is no controller of a quorum (${new KafkaError('asked for controllers', answer.errorCode).code}); --bootstrap-server takes brokers.`,
      );
    }
    return this.#know(
      answer.clusterId,
      answer.controllerId,
      answer.brokers.map(({ brokerId, host, port, rack }) => ({ id: brokerId, host, port, rack })),
    );
  }

  #know(clusterId: string, controllerId: number, nodes: readonly ClusterNode[]): ClusterNodes {
    this.#nodes.clear();
    for (const node of nodes) this.#nodes.set(node.id, node);
    return { clusterId, controllerId, nodes: nodes.toSorted((left, right) => left.id - right.id) };
  }

  /** First the one that answered last; then all that were named, and all that are known. */
  #candidates(): readonly PeerAddress[] {
    const all = [...(this.#reached === undefined ? [] : [this.#reached]), ...this.#bootstrap, ...this.#nodes.values()];
    return [...new Map(all.map(({ host, port }) => [`${host}:${port}`, { host, port }])).values()];
  }

  #connection({ host, port }: PeerAddress): BrokerConnection {
    const key = `${host}:${port}`;
    const known = this.#connections.get(key);
    if (known !== undefined) return known;
    const { ports, clientId, connectTimeoutMs, requestTimeoutMs } = this.#options;
    const patience = { clientId, connectTimeoutMs, requestTimeoutMs, responseBytesMax: RESPONSE_BYTES_MAX };
    const connection = new BrokerConnection(ports, { host, port }, patience);
    this.#connections.set(key, connection);
    return connection;
  }
}

const COORDINATOR_LOAD_IN_PROGRESS = 14;
const COORDINATOR_NOT_AVAILABLE = 15;
const NOT_COORDINATOR = 16;
const MOVED: ReadonlySet<number> = new Set([COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR]);
const UNKNOWN_TOPIC_OR_PARTITION = 3;
const NOT_CONTROLLER = 41;

/** A topic that nobody knows is no topic: people mistype more often than they are too early. */
function isTransient(error: unknown, mayRepeat: boolean): boolean {
  if (error instanceof KafkaError) return error.retriable && error.errorCode !== UNKNOWN_TOPIC_OR_PARTITION;
  return error instanceof PeerError && (error.code === 'unreachable' || (mayRepeat && error.code === 'disconnected'));
}

function asFault(error: unknown): unknown {
  if (!(error instanceof PeerError)) return error;
  const unsure =
    error.code === 'unreachable' ? '' : ' What was asked may have taken effect or not: look before you ask again.';
  return new UnreachableFault(`${error.message}.${unsure}`, { cause: error });
}

function reasonOf({ message, cause }: PeerError): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
  return code ?? message.replace(/^node at \S+ /, '');
}

/** `host:port,…`. @throws UsageError */
function parseServers(text: string): readonly PeerAddress[] {
  const servers = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  if (servers.length === 0) throw new UsageError('no server is named; write host:port,host:port.');
  return servers.map((server) => {
    const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(server.replace(/^[A-Z_]+:\/\//, ''));
    const port = Number(match?.[3]);
    if (match === null || port < 1 || port > 65_535) {
      throw new UsageError(`server ${server} is not host:port with a port from 1 to 65535, such as 127.0.0.1:9092.`);
    }
    return { host: (match[1] ?? match[2]) as string, port };
  });
}
