import { PlaneError } from '@biquorum/control-plane';
import type { Ports } from '@biquorum/platform';
import { NodeStartError } from './node-start-error.ts';

/** Longer than the session of a broker that was killed. */
const WAIT_MS = 30_000;
const RETRY_MS = 200;

/**
 * Starts a node; one that has run before is started again and again while its own earlier life still holds its id, or
 * somebody else its port.
 *
 * @throws what else stands in the way
 */
export async function untilIdIsFree<Started>(
  { clock, timers }: Pick<Ports, 'clock' | 'timers'>,
  hasRun: boolean,
  start: () => Promise<Started>,
): Promise<Started> {
  const deadline = clock.monotonicMs() + WAIT_MS;
  for (;;) {
    try {
      return await start();
    } catch (error) {
      if (!hasRun || !isTaken(error) || clock.monotonicMs() >= deadline) throw error;
    }
    await new Promise<void>((resolve) => {
      timers.set(RETRY_MS, resolve);
    });
  }
}

/** The id, or the port that it had: a node in this process looks after its port itself. */
function isTaken(error: unknown): boolean {
  if (error instanceof PlaneError) return error.fault.code === 'id-taken';
  return error instanceof NodeStartError && (error.code === 'id-taken' || error.code === 'address-in-use');
}
