import { formatStorage, inspectDirectories, randomUuid } from '@biquorum/kraft';
import type { Ports } from '@biquorum/platform';
import type { NodeRole } from '../cluster-node.ts';
import { nodeProperties } from '../review.ts';

/** What a cluster in KRaft mode is to consist of. */
export interface KraftModeOptions {
  readonly brokers: number;
  readonly controllers: number;
  /** Port of the first broker; free ones by default. */
  readonly port: number | undefined;
  readonly root: string;
  readonly given: ReadonlyMap<string, string>;
}

/** A node that is to be. */
export interface PlannedNode {
  readonly id: number;
  readonly role: NodeRole;
  readonly directory: string;
  readonly properties: Map<string, string>;
}

/** Controllers are numbered from here on, brokers from 1. */
const FIRST_CONTROLLER = 101;
const LOOPBACK = '127.0.0.1';

/** A cluster that is to be. */
export interface KraftPlan {
  readonly nodes: readonly PlannedNode[];
  /** Plans a broker, one of the first or one more. */
  readonly broker: (id: number) => PlannedNode;
}

/** Decides on ids, ports, directories and properties of all nodes. */
export async function planKraftNodes(ports: Ports, options: KraftModeOptions): Promise<KraftPlan> {
  const { brokers, controllers, root } = options;
  const given = nodeProperties(options.given);
  const taken = await freePorts(ports, controllers);
  const voters = taken.map((port, index) => `${FIRST_CONTROLLER + index}@${LOOPBACK}:${port}`).join(',');
  const common: readonly (readonly [string, string])[] = [
    ['controller.quorum.voters', voters],
    ['controller.listener.names', 'CONTROLLER'],
    ['listener.security.protocol.map', 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT'],
  ];
  const plan = (id: number, role: NodeRole, listener: string): PlannedNode => {
    const directory = `${root}/${role}-${id}`;
    const own: readonly (readonly [string, string])[] = [
      ['process.roles', role],
      ['node.id', String(id)],
      ['listeners', listener],
      ['log.dirs', directory],
    ];
    return { id, role, directory, properties: new Map([...given, ...common, ...own]) };
  };
  const broker = (id: number): PlannedNode => {
    const port = options.port === undefined ? 0 : options.port + id - 1;
    return plan(id, 'broker', `PLAINTEXT://${LOOPBACK}:${port}`);
  };
  return {
    nodes: [
      ...taken.map((port, index) => plan(FIRST_CONTROLLER + index, 'controller', `CONTROLLER://${LOOPBACK}:${port}`)),
      ...Array.from({ length: brokers }, (_, index) => broker(index + 1)),
    ],
    broker,
  };
}

/** The cluster that a directory belongs to, or a new one. */
export async function clusterIdOf(ports: Ports, nodes: readonly PlannedNode[]): Promise<string> {
  const findings = await inspectDirectories(
    ports.disk,
    nodes.map(({ directory }) => directory),
  );
  const formatted = findings.find((finding) => finding.kind === 'formatted');
  return formatted?.meta.clusterId ?? randomUuid(ports.random);
}

/** Formats what is not: a directory that is new, or was wiped. */
export async function formatNode(ports: Ports, { id, directory }: PlannedNode, clusterId: string): Promise<void> {
  await formatStorage(ports, {
    clusterId,
    nodeId: id,
    directories: [directory],
    metadataDirectory: directory,
    quorum: { kind: 'unwritten', dynamic: false },
    ignoreFormatted: true,
  });
}

/** Ports of the loopback address that are free at this moment, all different. */
export async function freePorts({ network }: Ports, count: number): Promise<readonly number[]> {
  const listeners = await Promise.all(
    Array.from({ length: count }, () =>
      network.listen({ host: LOOPBACK, port: 0, backlog: 1 }, (connection) => connection.abort()),
    ),
  );
  const ports = listeners.map(({ address }) => address.port);
  await Promise.all(listeners.map((listener) => listener.close()));
  return ports;
}
