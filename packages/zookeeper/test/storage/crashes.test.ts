import { atEveryCrashPoint } from '@biquorum/platform/testing';
import { Prng } from '@biquorum/std';
import { expect, test } from 'vitest';
import type { Epochs } from '../../src/storage/epoch-files.ts';
import { cutAfter } from '../../src/storage/log-index.ts';
import { cutIndex, entriesOf, Opened } from './support/opened.ts';
import { type Made, State } from './support/state.ts';

/** What the storage was asked to do, and what it has confirmed of that. */
class Promised {
  /** All transactions that were ever appended, by zxid: two of one zxid are the same. */
  readonly made: Map<number, Made> = new Map();
  /** The histories that may be found: the confirmed one first, then what each later write would make of it. */
  histories: { readonly zxids: readonly number[]; readonly epochs: Epochs | null }[] = [{ zxids: [], epochs: null }];
  /** Transactions before this one may be found only as the state that they make. */
  covered = 0;
}

const OPTIONS = { preAllocBytes: 4_096, snapCount: 12 };
const tail = <T>(values: readonly T[]): T => values.at(-1) as T;

test.each([1, 2, 3, 4, 5])(
  'a crash before any write, sync or rename leaves what was confirmed, and beyond it only what was asked for (seed %i)',
  async (seed) => {
    const points = await atEveryCrashPoint<Promised>({
      seed,
      fate: seed % 3 === 0 ? 'kill' : 'random',
      createLog: () => new Promised(),
      async run(ports, promised) {
        const prng = new Prng(seed);
        const opened = new Opened(ports, OPTIONS);
        await opened.open();
        let leader = new State();
        const confirm = async (write: Promise<void>): Promise<void> => {
          const upTo = promised.histories.length - 1;
          const expected = promised.histories[upTo];
          await write;
          promised.histories = promised.histories.slice(
            promised.histories.indexOf(expected as (typeof promised.histories)[0]),
          );
        };
        const ask = (count: number, epochs: Epochs | null = tail(promised.histories).epochs): Promise<void> => {
          const before = tail(promised.histories).zxids;
          const made = Array.from({ length: count }, () => leader.draw(prng));
          for (const one of made) promised.made.set(one.zxid, one);
          // Each transaction may be found without the next.
          for (let index = 1; index <= count; index++) {
            const zxids = [...before, ...made.slice(0, index).map(({ zxid }) => zxid)];
            promised.histories.push({ zxids, epochs: tail(promised.histories).epochs });
          }
          promised.histories.push({ zxids: tail(promised.histories).zxids, epochs });
          const append = entriesOf(made, cutIndex(before.at(-1) ?? 0));
          return confirm(opened.write({ append, ...(epochs === null ? {} : { durable: epochs }) }));
        };
        await ask(4, { acceptedEpoch: 99, currentEpoch: 98 });
        await Promise.all([ask(3), ask(2), ask(6)]);
        await opened.applyUpTo(leader.lastZxid);
        const snapshot = opened.snapshot(cutAfter(leader.lastZxid));
        await ask(5);
        await snapshot;
        // A cut behind a transaction that is no epoch's last.
        const kept = tail(promised.histories).zxids;
        const cut = kept[kept.length - 3] as number;
        for (let count = 1; count <= 2; count++) {
          promised.histories.push({
            zxids: kept.slice(0, kept.length - count),
            epochs: tail(promised.histories).epochs,
          });
        }
        await confirm(opened.write({ truncateTo: cut + 1 }));
        leader = new State();
        for (const zxid of tail(promised.histories).zxids) leader.apply((promised.made.get(zxid) as Made).txn);
        // What was cut off will never come again: the next epoch begins.
        leader.lastZxid = Math.floor(cut / 2 ** 32 + 20) * 2 ** 32;
        await ask(7, { acceptedEpoch: 200, currentEpoch: 199 });
        await opened.applyUpTo(leader.lastZxid);
        await opened.snapshot(cutAfter(leader.lastZxid));
        await ask(4, { acceptedEpoch: 200, currentEpoch: 200 });
        promised.covered = cut;
        await opened.storage.purge(3);
        await opened.storage.close();
      },
      async verify(ports, promised) {
        const opened = new Opened(ports, OPTIONS);
        const restored = await opened.open();
        const entries = [...restored.entries].filter(({ kind }) => kind === 'data');
        const last = Math.max(opened.state.lastZxid, entries.at(-1)?.index ?? 0);
        const found = promised.histories.filter(({ zxids }) => (zxids.at(-1) ?? 0) === last);
        expect(found.length, `it ends with ${last.toString(16)}`).toBeGreaterThan(0);
        const epochs = found.map((history) => JSON.stringify(history.epochs));
        const accepted = JSON.stringify(restored.durable ?? null);
        const between = found.some(
          ({ epochs: one }) => one?.acceptedEpoch === restored.durable?.acceptedEpoch || one === null,
        );
        expect(epochs.includes(accepted) || between, `${accepted} among ${epochs.join()}`).toBe(true);
        const { zxids } = tail(found);
        const start = restored.logStart.index;
        expect(entries.map(({ index }) => index)).toEqual(zxids.filter((zxid) => zxid >= start));
        await opened.applyUpTo(last);
        const expected = new State();
        for (const zxid of zxids) expected.apply((promised.made.get(zxid) as Made).txn);
        expect(opened.state.facts()).toEqual(expected.facts());
        // It goes on from there.
        const next = expected.make({ type: -10, timeoutMs: 4_000 }, { zxid: 2 ** 32 * 500 + 1 });
        await opened.write({
          append: entriesOf([next], cutIndex(last)),
          durable: { acceptedEpoch: 500, currentEpoch: 500 },
        });
        await opened.storage.close();
        const again = new Opened(ports, OPTIONS);
        await again.open();
        await again.applyUpTo(next.zxid);
        expect(again.state.facts()).toEqual(expected.facts());
        await again.storage.close();
      },
    });
    expect(points).toBeGreaterThan(60);
  },
  240_000,
);

test.each([1, 2])(
  'a crash while a received snapshot takes the place of the log leaves either of them whole (seed %i)',
  async (seed) => {
    const leader = new State();
    const prng = new Prng(seed);
    for (let count = 0; count < 60; count++) leader.draw(prng);
    // Where the learner's history has gone another way, and further.
    const stray = new State();
    const strayed = Array.from({ length: 12 }, () => stray.draw(new Prng(seed + 100)));
    const id = cutAfter(leader.lastZxid);
    const { snapshotBody } = await import('../../src/storage/snapshot-body.ts');
    const body = Buffer.concat([...snapshotBody(leader)].map((slice) => slice.slice()));
    await atEveryCrashPoint<{ installed: boolean; appended: boolean }>({
      seed,
      fate: seed % 2 === 0 ? 'kill' : 'random',
      createLog: () => ({ installed: false, appended: false }),
      async run(ports, promised) {
        const opened = new Opened(ports, OPTIONS);
        await opened.open();
        const history = entriesOf(strayed, 0);
        await opened.write({ append: history, durable: { acceptedEpoch: 99, currentEpoch: 9 } });
        promised.appended = true;
        expect(await opened.receive(id, body)).toBe(true);
        promised.installed = true;
        await opened.write({ durable: { acceptedEpoch: 99, currentEpoch: 99 } });
        await opened.storage.close();
      },
      async verify(ports, promised) {
        const opened = new Opened(ports, OPTIONS);
        const restored = await opened.open();
        if (restored.snapshot?.id.index === id.index) {
          expect(opened.state.facts()).toEqual(leader.facts());
          expect([...restored.entries]).toEqual([]);
        } else {
          expect(promised.installed).toBe(false);
          const entries = [...restored.entries].filter(({ kind }) => kind === 'data');
          if (promised.appended) expect(entries).toHaveLength(strayed.length);
        }
        await opened.storage.close();
      },
    });
  },
  120_000,
);
