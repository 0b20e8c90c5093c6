import { makeDurableDirectory } from '@biquorum/log';
import type { Ports } from '@biquorum/platform';
import { readZooKeeperSettings, startZooKeeper, type ZooKeeperNode, type ZooKeeperSettings } from '@biquorum/zookeeper';
import type { QuorumStanding } from '../inspection.ts';
import type { RunningNode } from '../running-node.ts';
import { nodeIdOf } from './plan-ensemble.ts';

/** Do these properties make a server of an ensemble, as `zoo.cfg` says it, and no node of Kafka? */
export function isEnsembleServer(properties: ReadonlyMap<string, string>): boolean {
  return properties.has('clientPort');
}

const MYID_BYTES_MAX = 64;

/** Tells a server's directory which of its ensemble it is. */
export async function writeMyid({ disk }: Pick<Ports, 'disk'>, dataDir: string, serverId: number): Promise<void> {
  await makeDurableDirectory(disk, dataDir);
  await disk.replace(myidOf(dataDir), new TextEncoder().encode(`${serverId}\n`));
}

/** One server of the ensemble at which brokers meet, by the keys of `zoo.cfg` and the `myid` of its directory. */
export class EnsembleServer implements RunningNode {
  readonly broker = undefined;
  readonly activeEpoch = undefined;
  readonly #settings: ZooKeeperSettings;
  readonly #ports: Ports;
  readonly #onHalt: (reason: string) => void;
  #node: ZooKeeperNode | undefined;

  private constructor(settings: ZooKeeperSettings, ports: Ports, onHalt: (reason: string) => void) {
    this.#settings = settings;
    this.#ports = ports;
    this.#onHalt = onHalt;
  }

  /**
   * Reads its properties and its directory; nothing runs yet.
   *
   * @param onHalt told why, when the server has stopped for good, as after a fault of its disk
   * @throws SettingsError, DiskError
   */
  static async create(
    properties: ReadonlyMap<string, string>,
    ports: Ports,
    onHalt: (reason: string) => void = () => {},
  ): Promise<EnsembleServer> {
    const file = myidOf(properties.get('dataDir') ?? '');
    const isTold = (await ports.disk.stat(file)) !== undefined;
    const myid = isTold ? new TextDecoder().decode(await ports.disk.readWhole(file, MYID_BYTES_MAX)).trim() : null;
    return new EnsembleServer(readZooKeeperSettings(properties, new Map(), myid), ports, onHalt);
  }

  get id(): number {
    return this.#settings.serverId;
  }

  get quorum(): QuorumStanding | undefined {
    const view = this.#node?.core.view ?? undefined;
    if (view === undefined) return undefined;
    const { state: role, currentEpoch: epoch, elected, lastZxid, highWatermark } = view;
    return {
      role,
      epoch,
      leader: elected < 0 ? -1 : nodeIdOf(elected),
      logEnd: lastZxid,
      committed: Math.max(0, highWatermark - 1),
    };
  }

  get address(): string {
    const port = this.#node?.clientPort ?? undefined;
    return port === undefined ? '' : `${this.#settings.clientHost}:${port}`;
  }

  /**
   * Resolves when clients can connect; a member of an ensemble may still look for its leader then.
   *
   * @throws NetworkError, DiskError, StorageError
   */
  async start(): Promise<void> {
    this.#node = await startZooKeeper({
      settings: this.#settings,
      ports: this.#ports,
      onFailure: (error) => this.#onHalt(error instanceof Error ? error.message : String(error)),
    });
  }

  async stop(): Promise<void> {
    const node = this.#node;
    this.#node = undefined;
    await node?.stop();
  }
}

function myidOf(dataDir: string): string {
  return `${dataDir}/myid`;
}
