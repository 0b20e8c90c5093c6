/**
 * The program of a node in a process of its own: started by a cluster with a file of properties, it says in one line of
 * JSON when it serves, or why it cannot, and stops when it is asked to.
 */
import { runMain } from '@biquorum/platform/node';
import type { FailedLine } from './run-server.ts';

await runMain(async ([file = '', ...flags], print) => {
  const { PlaneError } = await import('@biquorum/control-plane');
  const { NetworkError } = await import('@biquorum/platform');
  const { DETECT_RESETS, runServer } = await import('./run-server.ts');
  try {
    return await runServer({ file, print, ofCluster: true, detectResets: flags.includes(DETECT_RESETS) });
  } catch (error) {
    const failed: FailedLine = {
      event: 'failed',
      reason: error instanceof Error ? error.message : String(error),
      ...(error instanceof PlaneError ? { code: error.fault.code } : {}),
      ...(error instanceof NetworkError && error.code === 'address-in-use' ? { code: error.code } : {}),
    };
    print(JSON.stringify(failed));
    throw error;
  }
});
