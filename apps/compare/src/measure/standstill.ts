/**
 * The longest time within a span without a success: between two of them, or before the first and after the last of the
 * span.
 *
 * @param times of successes, ascending
 */
export function longestStandstill(times: readonly number[], fromMs: number, untilMs: number): number {
  let longest = 0;
  let last = fromMs;
  for (const time of times) {
    if (time < fromMs) continue;
    if (time > untilMs) break;
    longest = Math.max(longest, time - last);
    last = time;
  }
  return Math.max(longest, untilMs - last);
}
