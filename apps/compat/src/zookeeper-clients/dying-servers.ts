import { MixedEnsemble } from '../zookeeper-ensembles/ensemble.ts';
import type { Member } from '../zookeeper-ensembles/member.ts';
import { CuttingProxy } from './cutting-proxy.ts';
import type { Ground } from './play.ts';

/** What the servers of an ensemble are started with. */
type Plan = Omit<Parameters<typeof MixedEnsemble.prepare>[0], 'makes'>;

const SERVERS = 3;

/**
 * Three servers of ours behind a door each, of which one is open at a time: so all clients are at one server, and see
 * what they would see if there were no other. A cut kills that server, and opens the door of the next.
 */
export class DyingServers implements Ground, AsyncDisposable {
  readonly #ensemble: MixedEnsemble;
  readonly #doors: readonly CuttingProxy[];
  #open = 0;

  private constructor(ensemble: MixedEnsemble, doors: readonly CuttingProxy[]) {
    this.#ensemble = ensemble;
    this.#doors = doors;
  }

  static async start(plan: Plan): Promise<DyingServers> {
    const makes = Array.from({ length: SERVERS }, () => 'ours' as const);
    const ensemble = await MixedEnsemble.prepare({ ...plan, makes });
    await ensemble.start();
    await ensemble.untilServing();
    const doors = await Promise.all(ensemble.members.map((member) => CuttingProxy.start(member.connect)));
    const servers = new DyingServers(ensemble, doors);
    servers.#openDoor(0);
    return servers;
  }

  /** All doors: clients have to find the one that is open. */
  get connect(): string {
    return this.#doors.map((door) => door.connect).join(',');
  }

  /** The servers themselves, without doors. */
  get servers(): string {
    return this.#ensemble.connect();
  }

  async cut(): Promise<void> {
    const dying = this.#member;
    this.#openDoor((this.#open + 1) % SERVERS);
    await dying.kill();
  }

  /** Starts servers again that were killed; all serve when it is done. */
  async mend(): Promise<void> {
    await Promise.all(this.#ensemble.members.filter(({ isRunning }) => !isRunning).map((member) => member.start()));
    await this.#ensemble.untilServing();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#doors.map((door) => door[Symbol.asyncDispose]()));
    await this.#ensemble[Symbol.asyncDispose]();
  }

  get #member(): Member {
    return this.#ensemble.member(this.#open + 1);
  }

  #openDoor(open: number): void {
    this.#open = open;
    for (const [at, door] of this.#doors.entries()) door.isOpen = at === open;
  }
}
