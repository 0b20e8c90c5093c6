import type { Timers } from '@biquorum/platform';

/** What `work` comes to, or undefined when that takes longer; then nobody waits for it any more. */
export async function atMost<Result>(
  timers: Timers,
  delayMs: number,
  work: Promise<Result>,
): Promise<Result | undefined> {
  let stop = (): void => {};
  const late = new Promise<undefined>((resolve) => {
    const timer = timers.set(Math.max(0, delayMs), () => resolve(undefined));
    stop = () => timer.cancel();
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    stop();
    // If it fails later, nobody is to hear of it.
    work.catch(() => {});
  }
}
