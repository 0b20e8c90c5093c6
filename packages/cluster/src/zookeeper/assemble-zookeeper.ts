import { readBrokerSettings } from '@biquorum/broker';
import { ZOOKEEPER_KEYS } from '@biquorum/control-plane';
import { decodeController, decodeControllerEpoch, PATHS } from '@biquorum/kafka-znodes';
import type { Ports } from '@biquorum/platform';
import { ZooKeeperClient } from '@biquorum/zookeeper-client';
import { ZooKeeperSettingsError } from '@biquorum/zookeeper-controller';
import type { ClusterNode } from '../cluster-node.ts';
import { HostedNode } from '../hosted-node.ts';
import type { PlannedNode } from '../kraft/kraft-mode.ts';
import type { Links } from '../links.ts';
import { ProcessNode } from '../processes/process-node.ts';
import { logFindings, nodeProperties } from '../review.ts';
import { type Assemble, clusterProperties } from '../start-cluster.ts';
import { EnsembleServer, writeMyid } from './ensemble-server.ts';
import { type EnsemblePlan, planEnsemble, serverIdOf } from './plan-ensemble.ts';
import { ZooKeeperServer } from './zookeeper-server.ts';

const LOOPBACK = '127.0.0.1';

/**
 * The nodes of a cluster in ZooKeeper mode: brokers, each with the controller that it carries, and where no ensemble is
 * named, one of the cluster's own.
 */
export const assembleZooKeeper: Assemble = async (ports, root, options, links) => {
  const { brokers = 3, processes = false, zookeepers, nodeMain } = options;
  if (options.zookeeperConnect !== undefined && zookeepers !== undefined) {
    throw new ZooKeeperSettingsError('zookeepers', String(zookeepers), 'goes without zookeeperConnect');
  }
  const ensemble: EnsemblePlan =
    options.zookeeperConnect === undefined
      ? await planEnsemble(ports, zookeepers ?? 1, root)
      : { connect: options.zookeeperConnect, servers: [] };
  const zookeeperConnect = ensemble.connect;
  // An ensemble that is found again remembers sessions of brokers that were killed with it.
  const hasLived = options.zookeeperConnect === undefined && options.dataDirectory !== undefined;
  // What nobody can take over is not asked for again for long: a cluster that stops as a whole has such partitions.
  // A short session means that the dead are noticed soon, and not that a busy machine must be quick at the start.
  const given = new Map([
    ['controlled.shutdown.retry.backoff.ms', '100'],
    ['zookeeper.connection.timeout.ms', '60000'],
    ...clusterProperties(options, brokers),
  ]);
  logFindings(ports.telemetry, given, options.dataDirectory, ZOOKEEPER_KEYS);
  const observer = new ControllerObserver(ports, zookeeperConnect);
  const plan = (id: number): PlannedNode => {
    const directory = `${root}/broker-${id}`;
    const port = options.port === undefined ? 0 : options.port + id - 1;
    const own: readonly (readonly [string, string])[] = [
      ['broker.id', String(id)],
      ['listeners', `PLAINTEXT://${LOOPBACK}:${port}`],
      ['log.dirs', directory],
      ['zookeeper.connect', zookeeperConnect],
    ];
    return { id, role: 'broker', directory, properties: new Map([...nodeProperties(given), ...own]) };
  };
  const make = (node: PlannedNode): ClusterNode =>
    processes ? processNode(ports, node, hasLived, { observer, nodeMain }) : hostedNode(ports, node, links, hasLived);
  return {
    mode: 'zookeeper',
    zookeeperConnect,
    nodes: [...ensemble.servers, ...Array.from({ length: brokers }, (_, index) => plan(index + 1))].map(make),
    makeBroker: (id) => make(plan(id)),
    close: () => observer.close(),
  };
};

function hostedNode(ports: Ports, node: PlannedNode, links: Links, hasLived: boolean): HostedNode {
  const { id, role, properties } = node;
  return new HostedNode({
    id,
    role,
    ports,
    links,
    properties,
    hasLived,
    create: async (own, now) => {
      await prepare(own, node);
      return role === 'zookeeper'
        ? EnsembleServer.create(now, own)
        : ZooKeeperServer.create({ properties: now, ports: own });
    },
  });
}

function processNode(
  ports: Ports,
  node: PlannedNode,
  hasLived: boolean,
  { observer, nodeMain }: { readonly observer: ControllerObserver; readonly nodeMain: string | undefined },
): ProcessNode {
  return new ProcessNode({
    node,
    ports,
    ...(nodeMain === undefined ? {} : { main: nodeMain }),
    detectResets: false,
    hasLived,
    prepare: () => prepare(ports, node),
    check: (properties) => {
      if (node.role === 'broker') readBrokerSettings(properties, ZOOKEEPER_KEYS);
    },
    activeEpoch: async () => (node.role === 'zookeeper' ? undefined : observer.activeEpoch(node.id)),
  });
}

/** Tells a server of an ensemble which one it is. */
async function prepare(ports: Ports, node: PlannedNode): Promise<void> {
  if (node.role === 'zookeeper') await writeMyid(ports, node.directory, serverIdOf(node));
}

/** Looks who is the controller where the ensemble says it, for brokers of other processes. */
class ControllerObserver {
  readonly #ports: Ports;
  readonly #connect: string;
  #client: ZooKeeperClient | undefined;

  constructor(ports: Ports, connect: string) {
    this.#ports = ports;
    this.#connect = connect;
  }

  /** Undefined when another broker is the controller, or none. */
  async activeEpoch(brokerId: number): Promise<number | undefined> {
    const client = this.#open();
    try {
      const [controller, epoch] = await Promise.all([
        client.getData(PATHS.controller),
        client.getData(PATHS.controllerEpoch),
      ]);
      return decodeController(controller.data).brokerId === brokerId ? decodeControllerEpoch(epoch.data) : undefined;
    } catch {
      return undefined;
    }
  }

  close(): void {
    void this.#client?.close();
  }

  #open(): ZooKeeperClient {
    const client = this.#client;
    if (client !== undefined && client.state !== 'expired') return client;
    this.#client = new ZooKeeperClient({ connect: this.#connect, ports: this.#ports });
    return this.#client;
  }
}
