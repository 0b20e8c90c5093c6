import { NodeServer, type RunningNode } from '@biquorum/cluster';
import { formatStorage } from '@biquorum/kraft';
import type { ClusterView } from '@biquorum/metadata';
import type { Ports } from '@biquorum/platform';
import { assert } from '@biquorum/std';
import { CLUSTER_FAMILIES, type ClusterFamily } from '../families.ts';
import type { ClusterKind, Government, GovernmentParts } from '../government.ts';
import type { PlannedNode } from '../plan.ts';
import type { SimulatedNode } from '../simulated-node.ts';
import { ImageChecker } from './image-checker.ts';
import { misplaced } from './misplaced.ts';
import { planKraft } from './plan-kraft.ts';

const CLUSTER_ID = 'simulatedsimulatedsimA';
const ELSEWHERE: ReadonlySet<ClusterFamily> = new Set([
  'ensembleRestart',
  'ensemblePause',
  'sessionExpiry',
  'officeRemoved',
]);

/** Brokers and a quorum of controllers, apart or combined. */
export const kraftKind: ClusterKind = {
  name: 'kraft',
  families: CLUSTER_FAMILIES.filter((family) => !ELSEWHERE.has(family)),
  plan: planKraft,
  excuses: () => false,
  leadersReturn: false,
  govern: (parts) => new Quorum(parts),
};

/** The quorum decides: what its active controller has committed holds. */
class Quorum implements Government {
  readonly hosts: readonly string[] = [];
  readonly #images: ImageChecker;
  readonly #servers: WeakMap<RunningNode, NodeServer> = new WeakMap();

  constructor({ verdict, tell }: GovernmentParts) {
    this.#images = new ImageChecker(verdict, tell);
  }

  get compared(): number {
    return this.#images.compared;
  }

  async makeNode(plan: PlannedNode, ports: Ports, onHalt: (reason: string) => void): Promise<RunningNode> {
    const { id: nodeId, directories, quorum, properties, detectResets } = plan;
    const [metadataDirectory = ''] = directories;
    assert(quorum !== null, () => `node ${nodeId} has no quorum to be formatted for`);
    const storage = { clusterId: CLUSTER_ID, nodeId, directories, metadataDirectory, quorum, ignoreFormatted: true };
    await formatStorage(ports, storage);
    const server = await NodeServer.create({ properties, ports, detectResets, onHalt });
    this.#servers.set(server, server);
    return server;
  }

  decided(active: SimulatedNode | undefined): ClusterView | undefined {
    return this.#of(active)?.node.loader?.image.view;
  }

  unrest(nodes: readonly SimulatedNode[]): string | null {
    const images = nodes.flatMap((node) => this.#of(node)?.node.loader?.image ?? []);
    const newest = images.toSorted((a, b) => b.endOffset - a.endOffset)[0];
    if (newest === undefined) return 'nobody has an image';
    for (const { server } of nodes) {
      const found = server === undefined ? null : misplaced(newest.view, server);
      if (found !== null) return found;
    }
    return null;
  }

  look(nodes: readonly SimulatedNode[]): void {
    for (const node of nodes) this.#images.look(node.id, this.#of(node)?.node.loader);
  }

  befall(): null {
    return null;
  }

  #of(node: SimulatedNode | undefined): NodeServer | undefined {
    return node?.server === undefined ? undefined : this.#servers.get(node.server);
  }
}
