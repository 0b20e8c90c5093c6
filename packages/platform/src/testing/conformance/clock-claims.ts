import { check, elapse } from './checks.ts';
import { type Claim, claim } from './kit.ts';

/** What every clock does. */
export const clockClaims: readonly Claim[] = [
  claim('the wall clock tells whole milliseconds of this age', async ({ ports: { clock } }) => {
    const wallMs = clock.wallMs();
    check(Number.isSafeInteger(wallMs), `${wallMs} is not a whole number`);
    check(wallMs > Date.UTC(2020, 0) && wallMs < Date.UTC(2200, 0), `${wallMs} is not within 2020 to 2200`);
  }),

  claim('the monotonic clock never goes back', async ({ ports }) => {
    let before = ports.clock.monotonicMs();
    for (let reading = 0; reading < 1_000; reading++) {
      if (reading % 250 === 0) await elapse(ports, 1);
      const now = ports.clock.monotonicMs();
      check(now >= before, `went from ${before} to ${now}`);
      before = now;
    }
  }),

  claim('both clocks go on while a timer runs', async ({ ports }) => {
    const { clock } = ports;
    // Each reading of the wall clock lies between two of the monotonic one, however long the machine hesitates.
    const read = (): number[] => [clock.monotonicMs(), clock.wallMs(), clock.monotonicMs()];
    const [before = 0, wallBefore = 0, after = 0] = read();
    await elapse(ports, 30);
    const [later = 0, wallLater = 0, latest = 0] = read();
    check(later - before >= 30, `the monotonic clock gained ${later - before} ms in 30 ms`);
    // Whole milliseconds, and clocks that are steered, may differ by a little.
    const gained = wallLater - wallBefore;
    check(gained > later - after - 20 && gained < latest - before + 20, `the wall clock gained ${gained} ms in 30 ms`);
  }),
];
