import { join } from 'node:path';
import { freePorts, LOOPBACK } from '../apache/ports.ts';
import type { Properties } from '../apache/properties.ts';
import type { Java } from '../java/java.ts';
import { MixedCluster, SMALL } from '../mixed-cluster/cluster.ts';
import { type Make, type NodePlan, NodeProcess } from '../mixed-cluster/node.ts';
import { until } from '../mixed-cluster/until.ts';

/** What a cluster in ZooKeeper mode consists of. Brokers are numbered from 1 in the order of the list. */
export interface ZooKeeperClusterPlan {
  readonly root: string;
  readonly brokers: readonly Make[];
  /** Where the ensemble is, with a chroot if the cluster has one. */
  readonly connect: string;
  readonly sessionTimeoutMs: number;
  /** For every node, over those that make it small. */
  readonly properties?: Properties;
  /** For brokers that reach the ensemble in a way of their own. */
  readonly connectOf?: Readonly<Record<number, string>>;
  /** How programs are run, where it is not as tests run them. */
  readonly programs?: Pick<NodePlan, 'jvm' | 'main' | 'readyTimeoutMs'>;
}

/** A cluster in ZooKeeper mode in which each broker is ours or Apache's. The ensemble is not part of it. */
export class ZooKeeperCluster extends MixedCluster {
  /** Where its znodes are. */
  readonly connect: string;

  private constructor(nodes: readonly NodeProcess[], connect: string) {
    super(nodes);
    this.connect = connect;
  }

  /** Plans all brokers and writes their configuration; starts none. */
  static async prepare(java: Java, plan: ZooKeeperClusterPlan): Promise<ZooKeeperCluster> {
    const { root, brokers, connect, sessionTimeoutMs, properties = {}, programs = {}, connectOf = {} } = plan;
    const ports = await freePorts(brokers.length);
    const nodes = brokers.map((make, at) => {
      const [id, client] = [1 + at, `${LOOPBACK}:${ports[at]}`];
      return new NodeProcess(
        {
          id,
          make,
          client,
          ...programs,
          directory: join(root, `broker-${id}`),
          properties: {
            'broker.id': id,
            listeners: `PLAINTEXT://${client}`,
            'zookeeper.connect': connectOf[id] ?? connect,
            'zookeeper.session.timeout.ms': sessionTimeoutMs,
            'zookeeper.connection.timeout.ms': CONNECTION_TIMEOUT_MS,
            'controlled.shutdown.retry.backoff.ms': 500,
            ...SMALL,
            ...properties,
          },
        },
        java,
      );
    });
    for (const node of nodes) node.writeConfiguration();
    return new ZooKeeperCluster(nodes, connect);
  }

  /** Starts brokers, all of them at once by default. */
  async start(ids: readonly number[] = [...this.nodes.keys()]): Promise<void> {
    await Promise.all(ids.map((id) => this.node(id).start()));
  }

  /** Waits until all serving brokers tell of the same controller, and it will do; returns its id. */
  untilController(what: string, accept: (id: number) => boolean = () => true): Promise<number> {
    const seen = async (): Promise<readonly number[]> =>
      Promise.all(this.serving.map(async (id) => (await this.metadataOn(id)).controllerId));
    return until(
      `a controller that is ${what}`,
      async () => {
        const [first, ...others] = await seen();
        return first !== undefined && first > 0 && others.every((other) => other === first) && accept(first)
          ? first
          : undefined;
      },
      seen,
    );
  }

  override async administratorFor(): Promise<string> {
    return this.node(await this.untilController('known')).plan.client;
  }

  override async restart(id: number): Promise<void> {
    await until('rid of its session', async () => {
      const known = await Promise.all(this.serving.map((other) => this.brokersOn(other)));
      return known.every((ids) => !ids.includes(id)) ? true : undefined;
    });
    await this.node(id).start();
  }
}

const CONNECTION_TIMEOUT_MS = 60_000;
