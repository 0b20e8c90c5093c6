import { readFile } from 'node:fs/promises';
import { VirtualTime } from '@biquorum/platform/testing';
import { Prng } from '@biquorum/std';
import { describe, expect, it } from 'vitest';

describe('virtual time', () => {
  it('goes from event to event, and nowhere in between', async () => {
    const time = new VirtualTime();
    const seen: [string, number][] = [];
    time.after(3_600_000, () => seen.push(['late', time.nowMs]));
    time.after(0.25, () => {
      seen.push(['early', time.nowMs]);
      time.after(0, () => seen.push(['after early', time.nowMs]));
    });
    await time.runUntilIdle();
    expect(seen).toEqual([
      ['early', 0.25],
      ['after early', 0.25],
      ['late', 3_600_000],
    ]);
  });

  it('rounds delays up to whole microseconds', () => {
    const time = new VirtualTime();
    time.after(0.000_000_1, () => {});
    time.step();
    expect(time.nowMs).toBe(0);
    time.after(0.001_2, () => {});
    time.step();
    expect(time.nowMs).toBe(0.002);
  });

  it('lets promises come to rest between two events, however long their chain', async () => {
    const time = new VirtualTime();
    const seen: string[] = [];
    time.after(1, () => {
      void (async () => {
        for (let link = 0; link < 200; link++) await null;
        seen.push('chain of the first event');
      })();
    });
    time.after(1, () => seen.push('second event'));
    await time.runUntilIdle();
    expect(seen).toEqual(['chain of the first event', 'second event']);
  });

  it('keeps the order of events that are due together, unless it is drawn by lot', async () => {
    const order = async (time: VirtualTime): Promise<string> => {
      const seen: number[] = [];
      for (let index = 0; index < 8; index++) time.after(1, () => seen.push(index));
      await time.runUntilIdle();
      return seen.join('');
    };
    expect(await order(new VirtualTime())).toBe('01234567');
    const drawn = await order(new VirtualTime({ ties: new Prng(7) }));
    expect(drawn).not.toBe('01234567');
    expect([...drawn].sort().join('')).toBe('01234567');
    expect(await order(new VirtualTime({ ties: new Prng(7) }))).toBe(drawn);
  });

  it('does not run what was cancelled, and does not count it', async () => {
    const time = new VirtualTime();
    const seen: number[] = [];
    const events = Array.from({ length: 5_000 }, (_, index) => time.after(index % 100, () => seen.push(index)));
    for (const [index, event] of events.entries()) {
      if (index % 50 !== 0) event.cancel();
      event.cancel();
    }
    expect(time.size).toBe(0);
    await time.runUntilIdle();
    expect(seen).toEqual([]);
    expect(time.nowMs).toBe(0);
  });

  it('goes on from cancelled events to those that are left', async () => {
    const time = new VirtualTime();
    const seen: number[] = [];
    const events = Array.from({ length: 5_000 }, (_, index) => time.after(1 + (index % 100), () => seen.push(index)));
    for (const [index, event] of events.entries()) if (index % 1_000 !== 999) event.cancel();
    expect(time.size).toBe(5);
    await time.runUntilIdle();
    expect(seen).toEqual([999, 1_999, 2_999, 3_999, 4_999]);
  });

  it('runs until work has ended, and gives its result', async () => {
    const time = new VirtualTime();
    const result = await time.run(async () => {
      await new Promise<void>((resolve) => void time.after(50, resolve));
      return time.nowMs;
    });
    expect(result).toBe(50);
    await expect(time.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  });

  it('says so when what is awaited can never come', async () => {
    const time = new VirtualTime();
    time.after(7, () => {});
    await expect(time.run(new Promise(() => {}))).rejects.toThrow('stuck at 7 ms');
  });

  it('gives up at its limit', async () => {
    const time = new VirtualTime();
    const again = (): void => void time.after(1, again);
    again();
    await expect(time.run(new Promise(() => {}), { limitMs: 100 })).rejects.toThrow('within 100 virtual ms');
    expect(time.nowMs).toBe(100);
  });

  it('stands still while something real is going on', async () => {
    const time = new VirtualTime();
    let held = true;
    const work = time.hold(readFile(new URL(import.meta.url))).then(() => {
      held = false;
    });
    let ranWhileHeld: boolean | undefined;
    time.after(1, () => {
      ranWhileHeld = held;
    });
    await time.runUntilIdle();
    await work;
    expect(ranWhileHeld).toBe(false);
  });

  it('passes, for a while, with all that happens in it', async () => {
    const time = new VirtualTime();
    const seen: number[] = [];
    for (const delayMs of [1, 2, 3]) time.after(delayMs, () => seen.push(delayMs));
    await time.runFor(2);
    expect([seen, time.nowMs]).toEqual([[1, 2], 2]);
    await time.runFor(0.5);
    expect(time.nowMs).toBe(2.5);
  });

  it('has the same fingerprint for the same run, and another for another', async () => {
    const fingerprint = async (delaysMs: number[]): Promise<number> => {
      const time = new VirtualTime();
      for (const delayMs of delaysMs) time.after(delayMs, () => {});
      await time.runUntilIdle();
      return time.fingerprint;
    };
    expect(await fingerprint([1, 2])).toBe(await fingerprint([2, 1]));
    expect(await fingerprint([1, 2])).not.toBe(await fingerprint([1, 3]));
    expect(await fingerprint([1, 2])).not.toBe(await fingerprint([1, 2, 2]));
  });

  it('passes the error of an event on', async () => {
    const time = new VirtualTime();
    time.after(1, () => {
      throw new Error('broken');
    });
    await expect(time.runUntilIdle()).rejects.toThrow('broken');
  });
});
