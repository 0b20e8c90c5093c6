import { type MemoryHost, MemoryWorld } from '@biquorum/platform/testing';
import { Prng } from '@biquorum/std';
import { expect, test } from 'vitest';
import { cutAfter } from '../../src/storage/log-index.ts';
import { snapshotBody } from '../../src/storage/snapshot-body.ts';
import { cutIndex, entriesOf, Opened } from './support/opened.ts';
import { type Made, State } from './support/state.ts';

const OPTIONS = { preAllocBytes: 8_192, snapCount: 30, cacheBytes: 3_000 };
const ROUNDS = 5;
const STEPS = 40;
/** An epoch is promised before any transaction of it comes. */
const PROMISED = 100_000;

/** What a member was told and asked, and what it must hold after a crash. */
class Member {
  readonly #prng: Prng;
  readonly #made: Map<number, Made> = new Map();
  /** The history as it was asked for. */
  zxids: number[] = [];
  /** So much of it is confirmed to be on the disk. */
  confirmed = 0;
  /** So much of it is committed: it is never cut. */
  #committed = 0;
  /** A cut or a received snapshot that is not confirmed: the history before it may be found, too. */
  #before: number[] | null = null;
  #epoch = 0;
  /** Where the last received snapshot ended. */
  #installed = 0;
  /** Where the log begins that was read at the last start. */
  #start = 0;

  constructor(seed: number) {
    this.#prng = new Prng(seed).fork('member');
  }

  stateOf(zxids: readonly number[]): State {
    const state = new State();
    for (const zxid of zxids) state.apply((this.#made.get(zxid) as Made).txn);
    return state;
  }

  async step(opened: Opened): Promise<void> {
    const prng = this.#prng;
    switch (prng.below(12)) {
      case 0:
        return this.#cut(opened);
      case 1:
        return this.#install(opened);
      case 2:
      case 3:
        return this.#apply(opened);
      case 4:
        if (opened.state.lastZxid > 0) await opened.snapshot(cutAfter(opened.state.lastZxid));
        return;
      case 5:
        return opened.storage.purge(3);
      case 6:
        return this.#read(opened);
      default:
        return this.#append(opened);
    }
  }

  /** Looks at what a crash has left, and takes it for the history from now on. */
  async verify(opened: Opened): Promise<void> {
    const restored = await opened.open();
    this.#start = restored.logStart.index;
    const found = [...restored.entries].flatMap(({ kind, index }) => (kind === 'data' ? [index] : []));
    const last = Math.max(opened.state.lastZxid, found.at(-1) ?? 0);
    const possible = [this.zxids, ...(this.#before === null ? [] : [this.#before])];
    const history = possible.find((zxids) => last === 0 || zxids.includes(last)) ?? [];
    this.zxids = history.slice(0, history.indexOf(last) + 1);
    expect(this.zxids.at(-1) ?? 0).toBe(last);
    expect(this.zxids.length).toBeGreaterThanOrEqual(this.confirmed);
    expect(found).toEqual(this.zxids.filter((zxid) => zxid >= restored.logStart.index));
    await opened.applyUpTo(last);
    expect(opened.state.facts()).toEqual(this.stateOf(this.zxids).facts());
    this.#before = null;
    this.confirmed = this.zxids.length;
    this.#committed = this.confirmed;
    const epoch = Math.floor(last / 2 ** 32);
    this.#epoch = Math.max(this.#epoch, epoch) + 1;
    const { currentEpoch = epoch } = restored.durable ?? {};
    await opened.write({ durable: { acceptedEpoch: PROMISED, currentEpoch } });
  }

  async #append(opened: Opened): Promise<void> {
    const leader = this.stateOf(this.zxids);
    // Each history goes on in an epoch of its own: no zxid stands for two transactions.
    leader.lastZxid = Math.max(leader.lastZxid, this.#epoch * 2 ** 32);
    const made = Array.from({ length: this.#prng.between(1, 9) }, () => leader.draw(this.#prng));
    for (const one of made) this.#made.set(one.zxid, one);
    this.#epoch = Math.floor(leader.lastZxid / 2 ** 32);
    const append = entriesOf(made, cutIndex(this.zxids.at(-1) ?? 0));
    this.zxids = [...this.zxids, ...made.map(({ zxid }) => zxid)];
    const upTo = this.zxids.length;
    const epochs = { acceptedEpoch: PROMISED, currentEpoch: this.#epoch };
    const written = opened.write({ append, durable: epochs });
    if (this.#prng.chance(0.3)) return;
    await written;
    this.confirmed = Math.max(this.confirmed, upTo);
  }

  async #apply(opened: Opened): Promise<void> {
    const upTo = this.#prng.between(this.#committed, this.confirmed + 1);
    this.#committed = Math.max(this.#committed, Math.min(upTo, this.zxids.length));
    await opened.applyUpTo(this.zxids[this.#committed - 1] ?? 0);
  }

  async #cut(opened: Opened): Promise<void> {
    if (this.#committed === 0 || this.#committed >= this.zxids.length) return;
    const kept = this.#prng.between(this.#committed, this.zxids.length);
    this.#before = this.zxids;
    this.zxids = this.zxids.slice(0, kept);
    this.confirmed = Math.min(this.confirmed, kept);
    this.#epoch++;
    await opened.write({ truncateTo: (this.zxids.at(-1) ?? 0) + 1 });
    this.#before = null;
    this.confirmed = kept;
  }

  async #install(opened: Opened): Promise<void> {
    if (!this.#prng.chance(0.4) || this.#committed < this.zxids.length) return;
    const leader = this.stateOf(this.zxids);
    leader.lastZxid = Math.max(leader.lastZxid, ++this.#epoch * 2 ** 32);
    const made = Array.from({ length: 5 }, () => leader.draw(this.#prng));
    for (const one of made) this.#made.set(one.zxid, one);
    this.#epoch = Math.floor(leader.lastZxid / 2 ** 32);
    const body = Buffer.concat([...snapshotBody(leader)].map((slice) => slice.slice()));
    const id = cutAfter(leader.lastZxid);
    this.#before = this.zxids;
    this.zxids = [...this.zxids, ...made.map(({ zxid }) => zxid)];
    await opened.write({ durable: { acceptedEpoch: PROMISED, currentEpoch: this.#epoch - 1 } });
    expect(await opened.receive(id, body)).toBe(true);
    this.#before = null;
    this.confirmed = this.zxids.length;
    this.#committed = this.confirmed;
    this.#installed = id.index;
    await opened.storage.loadSnapshot(id);
    opened.state.lastZxid = leader.lastZxid;
    await opened.write({ durable: { acceptedEpoch: PROMISED, currentEpoch: this.#epoch } });
  }

  async #read(opened: Opened): Promise<void> {
    const from = this.#prng.below(this.zxids.length + 1);
    const index = cutIndex(this.zxids[from - 1] ?? 0);
    const last = this.zxids.at(-1) ?? 0;
    const entries = await opened.read(index, last + 1);
    const expected = this.zxids.slice(from);
    if (expected.length === 0) return;
    // What was purged is missing, or what a snapshot stands for, or what no start had to read, and nothing else.
    const [oldest] = await opened.storage.directory.logFiles();
    if (entries === null)
      expect(index).toBeLessThanOrEqual(Math.max(oldest?.zxid ?? last, this.#installed, this.#start));
    else expect(entries.flatMap(({ kind, index: at }) => (kind === 'data' ? [at] : []))).toEqual(expected);
  }
}

test.each(Array.from({ length: Number(process.env['BIQUORUM_SEEDS'] ?? 1) * 20 }, (_, seed) => seed + 1))(
  'after random work and crashes a member holds what was confirmed, and goes on from there (seed %i)',
  async (seed) => {
    const prng = new Prng(seed).fork('crashes');
    const world = new MemoryWorld({ seed });
    const host = world.addHost('one');
    const member = new Member(seed);
    for (let round = 0; round < ROUNDS; round++) {
      if (!host.running) host.start();
      const opened = new Opened(host.ports, OPTIONS);
      await world.run(() => member.verify(opened));
      await workUntilCrash(world, host, prng, async () => {
        for (let step = 0; step < STEPS; step++) await member.step(opened);
        expect(opened.failure).toBeNull();
      });
    }
    host.start();
    const opened = new Opened(host.ports, OPTIONS);
    await world.run(() => member.verify(opened));
  },
  60_000,
);

/** Works until the power fails before one of the next operations on the disk, or the process is killed. */
async function workUntilCrash(
  world: MemoryWorld,
  host: MemoryHost,
  prng: Prng,
  work: () => Promise<void>,
): Promise<void> {
  const crash = prng.chance(0.3) ? (): void => host.kill() : (): void => host.powerOff();
  let left = prng.between(1, 250);
  host.disk.onOperation = ({ changes }) => (changes && left-- <= 0 ? { kind: 'halt', halt: crash } : undefined);
  let ended = false;
  let failure: unknown;
  work().then(
    () => {
      ended = true;
    },
    (error: unknown) => {
      failure = error;
      ended = true;
    },
  );
  await world.time.runUntil(() => ended || !host.running);
  host.disk.onOperation = undefined;
  if (!host.running) return;
  if (failure !== undefined) throw failure;
  crash();
}
