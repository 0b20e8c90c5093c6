import { Prng } from '@biquorum/std';
import { expect, test } from 'vitest';
import { LogIndex, transaction } from '../../src/storage/log-index.ts';

const EPOCH = 2 ** 32;
const TRANSACTIONS = 300_000;
const PAYLOAD = new Uint8Array(150);
/** Head and last byte, as Java's files have them. */
const RECORD_BYTES = 12 + PAYLOAD.length + 1;
const CACHE_BYTES = 1024 * 1024;

function place(zxid: number): { readonly file: number; readonly position: number } {
  return { file: EPOCH + 1, position: 16 + (zxid - EPOCH - 1) * RECORD_BYTES + 12 };
}

/** Each is in a file as soon as it is there. */
function append(index: LogIndex, from: number, upTo: number): void {
  for (let zxid = from; zxid < upTo; zxid++) {
    index.append(transaction(zxid, PAYLOAD));
    index.placed(zxid, place(zxid));
    index.committed(zxid);
  }
}

/** As many begin in a log of so many transactions: one every 64 KiB, or a record later. */
const stretchesOf = (transactions: number): number => Math.ceil((transactions * RECORD_BYTES) / (64 * 1024));

test('of a log only the newest transactions are held one by one, and of all others a stretch every 64 KiB', () => {
  const index = new LogIndex(CACHE_BYTES);
  index.reset({ epoch: 1, index: EPOCH + 1 });
  append(index, EPOCH + 1, EPOCH + 1 + TRANSACTIONS);
  append(index, EPOCH + 1 + TRANSACTIONS, EPOCH + 1 + 2 * TRANSACTIONS);
  const { transactions, room, stretches } = index.held;
  // As many payloads as have room in the memory, with at most one page more.
  expect(transactions).toBeGreaterThan(CACHE_BYTES / PAYLOAD.length / 2);
  expect(transactions).toBeLessThanOrEqual((2 * CACHE_BYTES) / PAYLOAD.length);
  expect(room).toBeLessThanOrEqual(4 * transactions);
  expect(stretches).toBeGreaterThan(0);
  expect(stretches).toBeLessThanOrEqual(stretchesOf(2 * TRANSACTIONS - transactions));
  expect(index.lastZxid).toBe(EPOCH + 2 * TRANSACTIONS);
});

test('a log that was read at the start is held in stretches alone', () => {
  const index = new LogIndex(CACHE_BYTES);
  const { room } = index.held;
  for (let zxid = EPOCH + 1; zxid <= EPOCH + TRANSACTIONS; zxid++) index.restore(zxid, place(zxid), PAYLOAD.length);
  index.begin({ epoch: 1, index: EPOCH + 1 }, EPOCH + 1);
  const { transactions, stretches, ...rest } = index.held;
  expect({ transactions, ...rest }).toEqual({ transactions: 0, room });
  expect(stretches).toBeGreaterThan(0);
  expect(stretches).toBeLessThanOrEqual(stretchesOf(TRANSACTIONS));
  expect([index.firstZxid, index.lastZxid]).toEqual([EPOCH + 1, EPOCH + TRANSACTIONS]);
});

test('what is asked for in the middle is found by walking through less than 128 KiB', () => {
  const index = new LogIndex(CACHE_BYTES);
  index.reset({ epoch: 1, index: EPOCH + 1 });
  append(index, EPOCH + 1, EPOCH + 1 + TRANSACTIONS);
  for (const zxid of [EPOCH + 1, EPOCH + 777, EPOCH + 150_000]) {
    const [slot] = index.range(zxid, zxid + 1, 1) ?? [];
    if (slot?.kind !== 'stored') expect.fail(`transaction ${zxid} is not in its file`);
    expect(slot).toMatchObject({ from: zxid, upTo: zxid + 1 });
    expect(slot.start.position).toBe(place(slot.start.zxid).position - 12);
    expect(place(zxid).position - slot.start.position).toBeLessThan(128 * 1024);
  }
  expect(index.range(EPOCH + TRANSACTIONS, EPOCH + 1 + TRANSACTIONS, 1)).toEqual([
    { kind: 'cached', zxid: EPOCH + TRANSACTIONS, payload: PAYLOAD },
  ]);
});

test('whatever is appended, cut and dropped, the index tells the same as a plain list', () => {
  for (let seed = 1; seed <= 40; seed++) {
    const prng = new Prng(seed);
    const random = (below: number): number => prng.below(below);
    const index = new LogIndex(1_000);
    index.reset({ epoch: 1, index: EPOCH + 1 });
    let list: number[] = [];
    let start = EPOCH + 1;
    let epoch = 1;
    let [file, position] = [0, 0];
    for (let step = 0; step < 200; step++) {
      const end = index.endIndex;
      const what = random(10);
      if (what < 7) {
        if (what === 0) {
          epoch++;
          const first = epoch * EPOCH + 1;
          index.append({ index: end, span: first - end, epoch, kind: 'control', payload: new Uint8Array(0) });
        }
        for (let count = random(30) + 1; count > 0; count--) {
          const zxid = index.endIndex;
          const bytes = random(300) + 40;
          if (file === 0 || random(40) === 0) [file, position] = [zxid, 16];
          index.append(transaction(zxid, new Uint8Array(bytes)));
          index.placed(zxid, { file, position: position + 12 });
          position += bytes + 13;
          list.push(zxid);
        }
        if (random(3) > 0) index.committed(list.at(-1) ?? 0);
      } else if (list.length > 0) {
        const at = list[random(list.length)] as number;
        if (what === 7) {
          index.truncate(at + 1);
          list = list.filter((zxid) => zxid <= at);
          epoch = Math.floor(at / EPOCH);
          file = 0;
        } else if (what === 8) {
          index.deletePrefix({ epoch: Math.floor(at / EPOCH), index: at });
          list = list.filter((zxid) => zxid >= at);
          start = at;
        }
      }
      expect(index.lastZxid, `seed ${seed}, step ${step}`).toBe(list.at(-1) ?? start - 1);
      expect(index.firstZxid).toBe(list[0] ?? null);
      expect(zxidsFrom(index, start)).toEqual(list);
      const some = list[random(Math.max(1, list.length))];
      if (some !== undefined) expect(zxidsFrom(index, some)).toEqual(list.filter((zxid) => zxid >= some));
      expect(index.range(start - 1, end, 1)).toBeNull();
    }
  }
});

function zxidsFrom(index: LogIndex, from: number): number[] {
  const found: number[] = [];
  for (let at = from; at < index.endIndex; ) {
    for (const slot of index.range(at, index.endIndex, 5_000) ?? expect.fail(`no entry starts at ${at}`)) {
      if (slot.kind === 'jump') at = slot.entry.index + slot.entry.span;
      else if (slot.kind === 'cached') at = found.push(slot.zxid) && slot.zxid + 1;
      else for (at = slot.from; at < slot.upTo; at++) found.push(at);
    }
  }
  return found;
}
