import { errorByCode, errorName } from '@biquorum/kafka-wire';
import type { Prng } from '@biquorum/std';
import type { Ledger } from '../ledger.ts';
import type { SimClient } from './sim-client.ts';

/** What every worker works with. */
export interface WorkerParts {
  readonly client: SimClient;
  readonly prng: Prng;
  readonly ledger: Ledger;
  readonly habits: ClusterHabits;
}

/** What clients of one mode have to put up with, and clients of another have not. */
export interface ClusterHabits {
  /** Is it an answer that a change of the cluster may get, though asking again may not help? */
  excuses(code: number, message: string | null): boolean;
  /** Counts the lives of a broker where it may lead on in its epoch after it was started again; 0 where it may not. */
  lifeOf(brokerId: number): number;
}

const RETRY_MS = 50;
const RETRY_MS_MAX = 300;
/** Between two polls of who leads, while nobody needs to know. */
const REFRESH_CHANCE = 0.02;

/** A client that goes on with its work whatever happens to the cluster, until it is told to stop. */
export abstract class Worker {
  readonly name: string;
  protected readonly client: SimClient;
  protected readonly prng: Prng;
  protected readonly ledger: Ledger;
  protected readonly habits: ClusterHabits;
  #isStopped = false;
  #hasEnded = false;

  constructor(name: string, { client, prng, ledger, habits }: WorkerParts) {
    this.name = name;
    this.client = client;
    this.prng = prng;
    this.ledger = ledger;
    this.habits = habits;
  }

  /** One piece of work; called again and again. @returns whether there is more to do */
  protected abstract work(): Promise<boolean>;

  /** Whether it has ended its last piece of work. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  protected get isStopped(): boolean {
    return this.#isStopped;
  }

  /** Begins; what goes wrong in the worker itself ends the run. */
  begin(): this {
    this.#isStopped = false;
    this.#hasEnded = false;
    this.#run().catch((error: unknown) => {
      this.ledger.verdict.violate('clients understand', `${this.name}: ${(error as Error).stack ?? error}`);
      this.#hasEnded = true;
    });
    return this;
  }

  /** Ends after the piece of work under way. */
  stop(): void {
    this.#isStopped = true;
  }

  /** Notes an error that no fault explains. */
  protected refuse(what: string, code: number): void {
    this.ledger.verdict.violate('errors are those of faults', `${this.name}: ${what} was answered ${errorName(code)}`);
  }

  /** Waits a little before the next attempt, and asks who leads where the error says that this may have changed. */
  protected async again(code: number | undefined): Promise<void> {
    await this.client.pause(this.prng.between(RETRY_MS, RETRY_MS_MAX));
    const changed = code === undefined || errorByCode(code)?.invalidMetadata === true || this.prng.chance(0.3);
    if (changed) await this.client.refresh();
  }

  /** A client of today asks from time to time. */
  protected async refreshAtTimes(): Promise<void> {
    if (this.prng.chance(REFRESH_CHANCE)) await this.client.refresh();
  }

  async #run(): Promise<void> {
    await this.client.refresh();
    while (!this.#isStopped && (await this.work())) await this.refreshAtTimes();
    this.#hasEnded = true;
  }
}

/** May the request succeed later? An answer that never came counts as such. */
export function isRetriable(code: number | undefined): boolean {
  return code === undefined || errorByCode(code)?.retriable === true;
}
