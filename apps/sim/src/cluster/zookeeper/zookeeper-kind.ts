import { type RunningNode, ZooKeeperServer } from '@biquorum/cluster';
import { errorCode } from '@biquorum/kafka-wire';
import { PATHS } from '@biquorum/kafka-znodes';
import type { Ports } from '@biquorum/platform';
import type { MemoryHostOptions } from '@biquorum/platform/testing';
import type { Prng } from '@biquorum/std';
import type { LoggedTxn } from '@biquorum/zookeeper-wire';
import { CLUSTER_FAMILIES, type ClusterFamily } from '../families.ts';
import type { ClusterKind, Government, GovernmentParts } from '../government.ts';
import { drawMachine, type PlannedNode } from '../plan.ts';
import type { SimulatedNode } from '../simulated-node.ts';
import { LoneServer } from './lone-server.ts';
import { planZooKeeper } from './plan-zookeeper.ts';
import { QuorumEnsemble } from './quorum-ensemble.ts';
import type { SimulatedEnsemble } from './simulated-ensemble.ts';
import { differenceOf } from './view-differences.ts';
import { ZnodeChecker } from './znode-checker.ts';
import { ZnodeView } from './znode-view.ts';

const UNKNOWN = errorCode('UNKNOWN_SERVER_ERROR');
const MOVING = errorCode('REASSIGNMENT_IN_PROGRESS');
/** What befalls a quorum's disks; and who lost his disk is taken for who he was, as in Kafka of this mode. */
const ELSEWHERE: ReadonlySet<ClusterFamily> = new Set(['controllerPowerLoss', 'snapshots', 'lateJoin']);

const LONE_HOST = 'zookeeper';
const QUORUM_HOSTS: readonly string[] = ['zookeeper1', 'zookeeper2', 'zookeeper3'];

/** Brokers alone, each of which carries a controller, and a ZooKeeper in memory beside them. */
export const zookeeperKind: ClusterKind = kindWith('zookeeper', [LONE_HOST], ({ world, prng, families }, onTxn) => {
  return new LoneServer(world, LONE_HOST, drawMachine(prng, families), onTxn);
});

/** The same brokers on an ensemble of three servers, each on a machine of its own: both halves are what is shipped. */
export const zookeeperEnsembleKind: ClusterKind = kindWith(
  'zookeeper-ensemble',
  QUORUM_HOSTS,
  ({ families, ...parts }, onTxn) => {
    const machine = (): MemoryHostOptions => drawMachine(parts.prng, families);
    return new QuorumEnsemble({ ...parts, hosts: QUORUM_HOSTS, machine, onTxn });
  },
);

type MakeEnsemble = (parts: GovernmentParts, onTxn: (txn: LoggedTxn) => void) => SimulatedEnsemble;

function kindWith(name: string, hosts: readonly string[], makeEnsemble: MakeEnsemble): ClusterKind {
  return {
    name,
    families: CLUSTER_FAMILIES.filter((family) => !ELSEWHERE.has(family)),
    plan: (prng, families) => planZooKeeper(prng, families, hosts),
    excuses,
    leadersReturn: true,
    govern: (parts) => new EnsembleGovernment(parts, hosts, makeEnsemble),
  };
}

/** Kafka's brokers do not hide the end of their session, and refuse to add partitions to what is being moved. */
function excuses(code: number, message: string | null): boolean {
  if (code === UNKNOWN) return message?.startsWith('SessionExpired') === true;
  return code === MOVING;
}

/** The controller decides by what it writes to ZooKeeper: the znodes hold. */
class EnsembleGovernment implements Government {
  readonly hosts: readonly string[];
  readonly #ensemble: SimulatedEnsemble;
  readonly #checker: ZnodeChecker;
  #znodes: ZnodeView | undefined;

  constructor(parts: GovernmentParts, hosts: readonly string[], makeEnsemble: MakeEnsemble) {
    this.hosts = hosts;
    this.#checker = new ZnodeChecker(parts.verdict, parts.tell);
    this.#ensemble = makeEnsemble(parts, (txn) => {
      this.#znodes = undefined;
      this.#checker.applied(this.#ensemble.tree, txn);
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
        return ensemble.kill(prng);
      case 'ensemblePause':
        return ensemble.pause(prng);
      case 'officeRemoved':
        ensemble.remove(PATHS.controller);
        return null;
      default:
        ensemble.expireOne(prng);
        return null;
    }
  }

  get #now(): ZnodeView {
    this.#znodes ??= new ZnodeView(this.#ensemble.tree);
    return this.#znodes;
  }
}
