import type { Prng } from '@biquorum/std';
import { expect } from 'vitest';
import { Ledger } from '../quorum/ledger.ts';
import { REGISTER, RoamingClient } from '../quorum/roaming-client.ts';
import type { ProcessEnsemble } from './process-ensemble.ts';
import { until } from './server-process.ts';

/** Writes of the register that show that clients are served. */
const PROGRESS = 4;

/** Clients that work on an ensemble and hold everything against what ZooKeeper promises. */
export class Load {
  readonly #ensemble: ProcessEnsemble;
  readonly #clients: readonly RoamingClient[];
  readonly #ledger: Ledger;
  readonly #work: Promise<unknown>;
  #isOver = false;

  static async on(ensemble: ProcessEnsemble, prng: Prng): Promise<Load> {
    const [first = 0] = ensemble.ids;
    const maker = await ensemble.client(first);
    await maker.create(REGISTER);
    await maker.ask('closeSession');
    maker.close();
    return new Load(ensemble, prng);
  }

  private constructor(ensemble: ProcessEnsemble, prng: Prng) {
    this.#ensemble = ensemble;
    this.#ledger = new Ledger();
    const { surroundings, ids } = ensemble;
    this.#clients = ['a', 'b', 'c', 'd'].map(
      (name) => new RoamingClient(name, surroundings, ids, prng.fork(name), this.#ledger),
    );
    this.#work = Promise.all(this.#clients.map((client) => client.work(() => this.#isOver)));
    this.#work.catch(() => {});
  }

  /** Waits until clients have got on: some writes were acknowledged. */
  async progress(): Promise<void> {
    const before = this.#ledger.acknowledged;
    await until(() => this.#ledger.acknowledged >= before + PROGRESS);
  }

  /** How many writes of the register were acknowledged. */
  get acknowledged(): number {
    return this.#ledger.acknowledged;
  }

  /** Ends the work and looks at everything: what clients saw, and what each server has. All servers must run. */
  async check(): Promise<void> {
    this.#isOver = true;
    await this.#work;
    await this.#ensemble.untilServing();
    expect(this.#ledger.verdict()).toEqual([]);
    for (const id of this.#ensemble.ids) {
      const client = await this.#ensemble.client(id);
      // A write of its own has all before it, wherever it is seen.
      expect((await client.create(`/looked-at-${id}`)).err).toBeUndefined();
      expect(await client.version(REGISTER)).toBeGreaterThanOrEqual(this.#ledger.newest);
      for (const { ephemeral, own } of this.#clients) {
        expect([ephemeral, await client.get(ephemeral)]).toEqual([ephemeral, ephemeral.split('-')[1]]);
        expect(Number((await client.get(own.path)) ?? 0)).toBeGreaterThanOrEqual(own.acknowledged);
      }
      await client.ask('closeSession');
      client.close();
      expect(await this.#ensemble.server(id).ask('mntr')).toMatch(/^zk_digest_mismatches_count\t0$/m);
    }
  }

  /** All clients go without a word: their ephemerals stay as long as their sessions, and no longer. */
  async abandon(): Promise<void> {
    const { nowMs, silenceMsMin } = this.#ensemble.surroundings;
    const sinceMs = nowMs();
    for (const client of this.#clients) client.abandon();
    const counts = async (): Promise<(string | undefined)[]> => {
      const all = await Promise.all(this.#ensemble.ids.map((id) => this.#ensemble.server(id).ask('mntr')));
      return all.map((answer) => /^zk_ephemerals_count\t(\d+)$/m.exec(answer)?.[1]);
    };
    const tooEarly: unknown[] = [];
    await until(async () => {
      const left = await counts();
      const isEarly = nowMs() - sinceMs < silenceMsMin;
      if (isEarly && left.some((count) => count !== `${this.#clients.length}`)) tooEarly.push(left);
      return left.every((count) => count === '0');
    });
    expect(tooEarly).toEqual([]);
  }
}
