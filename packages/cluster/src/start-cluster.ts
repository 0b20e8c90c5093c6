import { KRAFT_KEYS } from '@biquorum/control-plane';
import type { Ports, Telemetry } from '@biquorum/platform';
import { createNodePorts, makeTemporaryDirectory, removeAtExit } from '@biquorum/platform/node';
import { Cluster, type ClusterParts } from './cluster.ts';
import type { ClusterNode } from './cluster-node.ts';
import { HostedNode } from './hosted-node.ts';
import { clusterIdOf, formatNode, type PlannedNode, planKraftNodes } from './kraft/kraft-mode.ts';
import { readNodeProperties } from './kraft/node-properties.ts';
import { NodeServer } from './kraft/node-server.ts';
import { Links } from './links.ts';
import { NodeStartError } from './node-start-error.ts';
import { ProcessNode } from './processes/process-node.ts';
import { logFindings } from './review.ts';
import { assembleZooKeeper } from './zookeeper/assemble-zookeeper.ts';

/** Who governs a cluster: `kraft` is a quorum of controllers, `zookeeper` one broker at a time beside an ensemble. */
export type ClusterMode = 'kraft' | 'zookeeper';

/** How to start a cluster. */
export interface ClusterOptions {
  /** `kraft` by default. */
  readonly mode?: ClusterMode;
  /** How many brokers; 3 by default. They are numbered from 1. */
  readonly brokers?: number;
  /** How many controllers; as many as brokers, but 3 at most, by default. They are numbered from 101. None in ZooKeeper mode. */
  readonly controllers?: number;
  /**
   * In ZooKeeper mode: the ensemble, as `host:port,…`, with an optional path that everything lies under. Without it the
   * cluster starts one of its own.
   */
  readonly zookeeperConnect?: string;
  /**
   * In ZooKeeper mode: how many servers the cluster's own ensemble has; 1 by default. They are numbered from 201.
   */
  readonly zookeepers?: number;
  /** A child process for each node, instead of all in this one. They end with this process. */
  readonly processes?: boolean;
  /**
   * With `processes`: `file:` URL of the program of each child process, in place of this package's own. It has to end in
   * a call of `runNode`.
   */
  readonly nodeMain?: string;
  /** Port of the first broker, the next ones follow; by default the system chooses. */
  readonly port?: number;
  /** Where the brokers keep their data; by default a temporary directory that is removed at the end. */
  readonly dataDirectory?: string;
  /** Kafka's keys for all brokers, before our defaults for a cluster of this size. */
  readonly properties?: Readonly<Record<string, string>>;
  /**
   * Takes a node whose connections were reset, and which refuses new ones, for dead at once: another controller is
   * elected and a dead broker's partitions get leaders within some hundred milliseconds instead of after Kafka's
   * timeouts. Never wrong in its effect, for epochs guard both. In KRaft mode; ZooKeeper ends sessions by their time
   * alone. True by default.
   */
  readonly detectResets?: boolean;
  /** Where events go; nowhere by default. */
  readonly telemetry?: Telemetry;
  /** Gives the start up when it resolves first: what runs by then is killed, and temporary data are removed. */
  readonly interrupted?: Promise<unknown>;
}

/**
 * Starts a cluster and resolves when every broker serves clients. Between nodes there are only bytes through ports, in
 * one process as in many; nothing in the cluster's API depends on the mode.
 *
 * ```ts
 * await using cluster = await startCluster({ mode: 'kraft', brokers: 3, controllers: 3 });
 * console.log(cluster.bootstrap);
 * ```
 *
 * @throws SettingsError, NetworkError or DiskError with the reason when a node cannot start; NodeStartError of the code
 *   `interrupted` when it was given up
 */
export function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  return runCluster(options, options.mode === 'zookeeper' ? assembleZooKeeper : assembleKraft);
}

/**
 * For nodes of one process a turn of its event loop counts for so long at most: none of them can be heard while the
 * machine holds up all of them, so that none is to be taken for dead for it. Well below the shortest sessions.
 */
const TURN_MS_MAX = 100;

/** Starts what `assemble` makes of the options. */
export async function runCluster(options: CommonOptions, assemble: Assemble): Promise<Cluster> {
  const root = options.dataDirectory ?? (await makeTemporaryDirectory('biquorum-'));
  const ownsRoot = options.dataDirectory === undefined;
  if (ownsRoot) removeAtExit(root);
  const ports = createNodePorts({
    ...(options.telemetry === undefined ? {} : { telemetry: options.telemetry }),
    ...(options.processes === true ? {} : { turnMsMax: TURN_MS_MAX }),
  });
  let cluster: Cluster;
  try {
    const links = new Links();
    const made = await assemble(ports, root, options, links);
    cluster = new Cluster({ ...made, links: options.processes === true ? undefined : links, ports, root, ownsRoot });
  } catch (error) {
    if (ownsRoot) await ports.disk.removeTree(root);
    await ports.close();
    throw error;
  }
  const givenUp = options.interrupted?.then(() => {
    throw new NodeStartError('the start was interrupted', 'interrupted');
  });
  try {
    await Promise.race([cluster.startAll(), ...(givenUp === undefined ? [] : [givenUp])]);
    return cluster;
  } catch (error) {
    if (error instanceof NodeStartError && error.code === 'interrupted') await cluster.killAll();
    await cluster.stop();
    throw error;
  }
}

/** What a cluster is started with, in every mode. */
export type CommonOptions = Omit<ClusterOptions, 'mode'>;

/** Makes the nodes of a cluster; none of them runs. */
export type Assemble = (
  ports: Ports,
  root: string,
  options: CommonOptions,
  links: Links,
) => Promise<Pick<ClusterParts, 'mode' | 'zookeeperConnect' | 'nodes' | 'makeBroker' | 'close'>>;

/** Kafka's keys for all nodes: defaults for a cluster of this size, and over them what was given. */
export function clusterProperties(options: CommonOptions, brokers: number): Map<string, string> {
  return new Map([
    ['offsets.topic.replication.factor', String(Math.min(3, brokers))],
    ['group.initial.rebalance.delay.ms', '0'],
    ...Object.entries(options.properties ?? {}),
  ]);
}

/** The nodes of a cluster in KRaft mode. */
export const assembleKraft: Assemble = async (ports, root, options, links) => {
  const { brokers = 3, port, detectResets = true, nodeMain } = options;
  const given = clusterProperties(options, brokers);
  logFindings(ports.telemetry, given, options.dataDirectory, KRAFT_KEYS);
  const controllers = options.controllers ?? Math.min(3, brokers);
  const plan = await planKraftNodes(ports, { brokers, controllers, port, root, given });
  const clusterId = await clusterIdOf(ports, plan.nodes);
  const make = (node: PlannedNode): ClusterNode =>
    options.processes === true
      ? processNode(ports, node, clusterId, { detectResets, nodeMain })
      : hostedNode(ports, node, links, clusterId, detectResets);
  return {
    mode: 'kraft',
    nodes: plan.nodes.map(make),
    makeBroker: (id) => make(plan.broker(id)),
    close: () => {},
  };
};

function hostedNode(
  ports: Ports,
  node: PlannedNode,
  links: Links,
  clusterId: string,
  detectResets: boolean,
): HostedNode {
  const { id, role, properties } = node;
  return new HostedNode({
    id,
    role,
    ports,
    links,
    properties,
    create: async (own, now) => {
      await formatNode(own, node, clusterId);
      return NodeServer.create({ properties: now, ports: own, detectResets });
    },
  });
}

function processNode(
  ports: Ports,
  node: PlannedNode,
  clusterId: string,
  { detectResets, nodeMain }: { readonly detectResets: boolean; readonly nodeMain: string | undefined },
): ProcessNode {
  return new ProcessNode({
    node,
    ports,
    detectResets,
    ...(nodeMain === undefined ? {} : { main: nodeMain }),
    prepare: () => formatNode(ports, node, clusterId),
    check: readNodeProperties,
  });
}
