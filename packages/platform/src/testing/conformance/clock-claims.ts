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
    const [wallMs, monotonicMs] = [clock.wallMs(), clock.monotonicMs()];
    await elapse(ports, 30);
    const elapsedMs = clock.monotonicMs() - monotonicMs;
    check(elapsedMs >= 30, `the monotonic clock gained ${elapsedMs} ms in 30 ms`);
    // Whole milliseconds, and clocks that are steered, may differ by a little.
    check(Math.abs(clock.wallMs() - wallMs - elapsedMs) < 20, `the wall clock gained ${clock.wallMs() - wallMs} ms`);
  }),
];
