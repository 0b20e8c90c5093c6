import { atEveryCrashPoint, MemoryWorld } from '@biquorum/platform/testing';
import { Prng } from '@biquorum/std';
import { expect, test } from 'vitest';
import { truncateLog } from '../../src/storage/recover-log.ts';
import { appender, openDirectory, readLog } from './support/log.ts';
import { bytesOf, State } from './support/state.ts';

test('after a power failure a log holds what was synced, however the last batch is torn, again and again', async () => {
  let lost = 0;
  for (let seed = 0; seed < 60; seed++) {
    const world = new MemoryWorld({ seed });
    const host = world.addHost('one');
    const prng = new Prng(seed).fork('log');
    const state = new State();
    let promised = 0;
    for (let round = 0; round < 4; round++) {
      if (!host.running) host.start();
      let operations = prng.between(1, 30);
      let ended = false;
      const run = async (): Promise<void> => {
        const directory = await openDirectory(host.ports.disk);
        const found = await readLog(directory);
        expect(found.length).toBeGreaterThanOrEqual(promised);
        expect(found.map(({ zxid }) => zxid)).toEqual(found.map((_, index) => index + 1));
        lost += state.lastZxid - found.length;
        state.lastZxid = found.length;
        promised = found.length;
        const log = appender(directory, prng.pick([4_096, 20_000, 200_000]));
        host.disk.onOperation = ({ changes }) =>
          changes && operations-- <= 0 ? { kind: 'halt', halt: () => host.powerOff() } : undefined;
        for (;;) {
          for (let count = prng.between(1, 6); count > 0; count--) {
            const data = bytesOf('x'.repeat(prng.below(4_000)));
            const { zxid, payload } = state.make({ type: 5, request: { path: '/', data, version: -1 } });
            log.append(zxid, payload);
          }
          if (prng.chance(0.1)) log.roll();
          const upTo = state.lastZxid;
          await log.commit();
          promised = upTo;
        }
      };
      let failure: unknown;
      run().catch((error: unknown) => {
        failure = error;
        ended = true;
      });
      await world.time.runUntil(() => ended || !host.running);
      host.disk.onOperation = undefined;
      if (failure !== undefined && host.running) throw new Error(`seed ${seed}, round ${round}`, { cause: failure });
    }
  }
  // Else the disk was too kind for the test.
  expect(lost).toBeGreaterThan(100);
});

test.each([1, 2])('a cut that a crash interrupts leaves a log without holes (seed %i)', async (seed) => {
  await atEveryCrashPoint<{ cut: boolean; whole: boolean }>({
    seed,
    createLog: () => ({ cut: false, whole: false }),
    async run(ports, promised) {
      const directory = await openDirectory(ports.disk);
      const state = new State();
      const log = appender(directory);
      for (let count = 0; count < 12; count++) {
        const { zxid, payload } = state.create(`/n${count}`);
        log.append(zxid, payload);
        await log.commit();
        if (count % 3 === 2) log.roll();
      }
      await log.close();
      promised.whole = true;
      await truncateLog(directory, 2);
      promised.cut = true;
      await directory.close();
    },
    async verify(ports, promised) {
      const zxids = (await readLog(await openDirectory(ports.disk))).map(({ zxid }) => zxid);
      expect(zxids).toEqual(zxids.map((_, index) => index + 1));
      if (promised.whole) expect(zxids.length).toBeGreaterThanOrEqual(2);
      if (promised.cut) expect(zxids).toEqual([1, 2]);
    },
  });
});
