import type { RunningNode } from '@biquorum/cluster';
import { PlaneError } from '@biquorum/control-plane';
import { NetworkError, type Ports } from '@biquorum/platform';
import type { MemoryHost, MemoryWorld } from '@biquorum/platform/testing';
import type { Government } from './government.ts';
import { DATA_DIRECTORY, type PlannedNode } from './plan.ts';
import { ToldTelemetry } from './told-telemetry.ts';
import type { Verdict } from './verdict.ts';

const RETRY_MS = 1_000;
/** A node that does not stop in order by then is killed. */
const STOP_MS = 40_000;

/** Where a node lives, and who makes it. */
export interface SimulatedNodeParts {
  readonly world: MemoryWorld;
  readonly government: Government;
  readonly verdict: Verdict;
  readonly tell: (what: string) => void;
}

/** One node of a simulated cluster: a host in memory, and on it what production starts. */
export class SimulatedNode {
  readonly plan: PlannedNode;
  readonly host: MemoryHost;
  readonly #world: MemoryWorld;
  readonly #government: Government;
  readonly #verdict: Verdict;
  readonly #tell: (what: string) => void;
  #server: RunningNode | undefined;
  #isServing = false;
  #isStopping = false;
  #isPaused = false;
  /** An operation of its disk has failed since it was started: it may end by itself. */
  #diskHasFailed = false;
  #run = 0;

  constructor(plan: PlannedNode, { world, government, verdict, tell }: SimulatedNodeParts) {
    this.#tell = tell;
    this.#world = world;
    this.plan = plan;
    this.#government = government;
    this.#verdict = verdict;
    const telemetry = new ToldTelemetry((what) => tell(`  ${plan.id}: ${what}`));
    this.host = world.addHost(plan.host, { ...plan.machine, telemetry });
    this.host.kill();
  }

  get id(): number {
    return this.plan.id;
  }

  /** What runs there; undefined while nothing does. */
  get server(): RunningNode | undefined {
    return this.#server;
  }

  /** Whether its process lives, paused or not. */
  get isUp(): boolean {
    return this.host.running;
  }

  /** Whether it has started, and is not stopping or paused. */
  get isWell(): boolean {
    return this.host.running && this.#isServing && !this.#isStopping && !this.#isPaused;
  }

  /** Counts its starts and ends: another number, another process. */
  get life(): number {
    return this.#run;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Starts its process; tries again for as long as it cannot join. */
  start(wiped: boolean = false): void {
    if (this.host.running) return;
    this.#tell(`node ${this.id} starts${wiped ? ' with an empty disk' : ''}`);
    this.#run += 1;
    const run = this.#run;
    const ports = this.host.start();
    this.#start(ports, run, wiped).catch((error: unknown) => {
      if (run !== this.#run) return;
      // No controller can be reached, or the session of the process before lasts: as an operator would, try again.
      if (!(error instanceof PlaneError || error instanceof NetworkError || this.#diskHasFailed)) {
        this.#verdict.violate('a node starts', `node ${this.id}: ${(error as Error).stack ?? error}`);
      }
      this.#tell(`node ${this.id} cannot start: ${error}`);
      this.#comeBack();
    });
  }

  /** Ends the process as SIGKILL does. */
  kill(): void {
    this.#tell(`node ${this.id} is killed`);
    this.#end();
    this.host.kill();
  }

  /** Takes the power away. */
  powerOff(): void {
    this.#tell(`node ${this.id} loses power`);
    this.#end();
    this.host.powerOff();
  }

  pause(): void {
    if (!this.host.running) return;
    this.#tell(`node ${this.id} stands still`);
    this.#isPaused = true;
    this.host.pause();
  }

  resume(): void {
    this.#tell(`node ${this.id} goes on`);
    this.#isPaused = false;
    this.host.resume();
  }

  /** From now on operations of its disk fail, as `fails` says of each; null mends it. A node that stops comes back. */
  setDiskFault(fails: (() => boolean) | null): void {
    this.#tell(`the disk of node ${this.id} ${fails === null ? 'works again' : 'begins to fail'}`);
    if (fails === null) {
      this.host.disk.onOperation = undefined;
      return;
    }
    this.#diskHasFailed = true;
    this.host.disk.onOperation = () => (fails() ? { kind: 'fail', code: 'io' } : undefined);
  }

  /** Stops in order; the process is gone when that is done. */
  stop(): void {
    const server = this.#server;
    if (server === undefined || !this.isWell) return;
    this.#tell(`node ${this.id} stops in order`);
    this.#isStopping = true;
    const run = this.#run;
    const gone = (): void => {
      if (run === this.#run) this.kill();
    };
    server.stop().then(gone, (error: unknown) => {
      // A process that is killed meanwhile has no say.
      if (run === this.#run && !this.#diskHasFailed)
        this.#verdict.violate('a node stops', `node ${this.id}: ${(error as Error).stack ?? error}`);
      gone();
    });
    this.#world.time.after(STOP_MS, gone);
  }

  async #start(ports: Ports, run: number, wiped: boolean): Promise<void> {
    if (wiped) await ports.disk.removeTree(DATA_DIRECTORY);
    const server = await this.#government.makeNode(this.plan, ports, (reason) => {
      if (run !== this.#run) return;
      this.#tell(`node ${this.id} stops by itself: ${reason}`);
      if (this.#diskHasFailed) this.#comeBack();
      else this.#verdict.violate('a node goes on', `node ${this.id} stopped by itself: ${reason}`);
    });
    this.#server = server;
    await server.start();
    this.#tell(`node ${this.id} serves`);
    this.#isServing = true;
  }

  /** The process ends; whoever looks after it starts it again. */
  #comeBack(): void {
    this.kill();
    const run = this.#run;
    this.#world.time.after(RETRY_MS, () => {
      if (run === this.#run) this.start();
    });
  }

  #end(): void {
    this.#run += 1;
    this.#diskHasFailed = this.host.disk.onOperation !== undefined;
    this.#server = undefined;
    this.#isServing = false;
    this.#isStopping = false;
    this.#isPaused = false;
  }
}
