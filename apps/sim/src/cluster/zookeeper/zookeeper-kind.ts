import { type RunningNode, ZooKeeperServer } from '@biquorum/cluster';
import { errorCode } from '@biquorum/kafka-wire';
import { PATHS } from '@biquorum/kafka-znodes';
import type { Ports } from '@biquorum/platform';
import type { Prng } from '@biquorum/std';
import { CLUSTER_FAMILIES, type ClusterFamily } from '../families.ts';
import type { ClusterKind, Government, GovernmentParts } from '../government.ts';
import { drawMachine, type PlannedNode } from '../plan.ts';
import type { SimulatedNode } from '../simulated-node.ts';
import { Ensemble } from './ensemble.ts';
import { ENSEMBLE, planZooKeeper } from './plan-zookeeper.ts';
import { differenceOf } from './view-differences.ts';
import { ZnodeChecker } from './znode-checker.ts';
import { ZnodeView } from './znode-view.ts';

const UNKNOWN = errorCode('UNKNOWN_SERVER_ERROR');
const MOVING = errorCode('REASSIGNMENT_IN_PROGRESS');
/** What befalls a quorum's disks; and who lost his disk is taken for who he was, as in Kafka of this mode. */
const ELSEWHERE: ReadonlySet<ClusterFamily> = new Set(['controllerPowerLoss', 'snapshots', 'lateJoin']);

/** Brokers alone, each of which carries a controller, and a ZooKeeper in memory beside them. */
export const zookeeperKind: ClusterKind = {
  name: 'zookeeper',
  families: CLUSTER_FAMILIES.filter((family) => !ELSEWHERE.has(family)),
  plan: planZooKeeper,
  excuses,
  leadersReturn: true,
  govern: (parts) => new EnsembleGovernment(parts),
};

/** Kafka's brokers do not hide the end of their session, and refuse to add partitions to what is being moved. */
function excuses(code: number, message: string | null): boolean {
  if (code === UNKNOWN) return message?.startsWith('SessionExpired') === true;
  return code === MOVING;
}

/** The controller decides by what it writes to ZooKeeper: the znodes hold. */
class EnsembleGovernment implements Government {
  readonly hosts: readonly string[] = [ENSEMBLE.host];
  readonly #ensemble: Ensemble;
  readonly #checker: ZnodeChecker;
  #znodes: ZnodeView | undefined;

  constructor({ world, prng, families, verdict, tell }: GovernmentParts) {
    this.#checker = new ZnodeChecker(verdict, tell);
    this.#ensemble = new Ensemble(world, drawMachine(prng, families), (txn) => {
      this.#znodes = undefined;
      this.#checker.applied(this.#ensemble.server.server.tree, txn);
    });
  }

  get compared(): number {
    return this.#checker.checked;
  }

  makeNode({ properties }: PlannedNode, ports: Ports, onHalt: (reason: string) => void): Promise<RunningNode> {
    return ZooKeeperServer.create({ properties, ports, onHalt });
  }

  decided(active: SimulatedNode | undefined): ZnodeView | undefined {
    const { controller } = this.#now;
    if (controller === undefined || active?.id !== controller.brokerId) return undefined;
    return active.server?.activeEpoch === controller.epoch ? this.#now : undefined;
  }

  unrest(nodes: readonly SimulatedNode[]): string | null {
    const { doomed } = this.#now;
    if (doomed.length > 0) return `to be deleted: ${doomed}`;
    for (const { id, server } of nodes) {
      const view = server?.broker?.view;
      const difference = view === undefined ? 'nothing' : differenceOf(view, this.#now);
      if (difference !== null) return `broker ${id} sees ${difference}`;
    }
    return null;
  }

  look(nodes: readonly SimulatedNode[]): void {
    for (const { id, life, server } of nodes) {
      const view = server?.broker?.view;
      if (view !== undefined)
        this.#checker.lookAt(
          id,
          life,
          view.controllerForClients(() => 0),
        );
    }
  }

  befall(family: ClusterFamily, prng: Prng): (() => void) | null {
    const ensemble = this.#ensemble;
    switch (family) {
      case 'ensembleRestart':
        if (!ensemble.isUp) return null;
        ensemble.kill();
        return () => ensemble.start();
      case 'ensemblePause':
        if (!ensemble.isUp) return null;
        ensemble.pause();
        return () => ensemble.resume();
      case 'officeRemoved':
        if (ensemble.isUp) ensemble.remove(PATHS.controller);
        return null;
      default:
        if (ensemble.isUp) ensemble.expireOne(prng);
        return null;
    }
  }

  get #now(): ZnodeView {
    this.#znodes ??= new ZnodeView(this.#ensemble.server.server.tree);
    return this.#znodes;
  }
}
