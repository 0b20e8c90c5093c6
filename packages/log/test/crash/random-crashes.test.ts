import { MemoryWorld } from '@biquorum/platform/testing';
import { Prng } from '@biquorum/std';
import { expect, test } from 'vitest';
import { RandomRun } from '../support/random-run.ts';
import { seeds } from '../support/seeds.ts';

const ROUNDS = 4;

test.each(seeds(1_000, 1))(
  'after a crash a log holds what was flushed and otherwise a clean prefix, and goes on from there (seed %i)',
  async (seed) => {
    const prng = new Prng(seed).fork('crashes');
    const world = new MemoryWorld({ seed });
    const host = world.addHost('broker');
    const run = new RandomRun(seed);
    for (let round = 0; round < ROUNDS; round++) {
      if (!host.running) host.start();
      const { log } = await world.run(() => run.open(host.ports));
      if (round > 0) await world.run(() => run.verifyAfterCrash(log));
      // The power fails before one of the next operations on the disk, or the process is killed.
      const crash = prng.chance(0.3) ? (): void => host.kill() : (): void => host.powerOff();
      let left = prng.between(1, 60);
      host.disk.onOperation = ({ changes }) => {
        if (!changes || left-- > 0) return undefined;
        return { kind: 'halt', halt: crash };
      };
      let ended = false;
      let failure: unknown;
      const steps = async (): Promise<void> => {
        for (let step = 0; step < 40 && host.running; step++) await run.step(log);
      };
      steps().then(
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
      if (host.running) {
        if (failure !== undefined) throw failure;
        crash();
      }
    }
    host.start();
    const { logs, log } = await world.run(() => run.open(host.ports));
    await world.run(() => run.verifyAfterCrash(log));
    await world.run(() => logs.close());
    expect(logs.failedLogs).toEqual([]);
  },
);
