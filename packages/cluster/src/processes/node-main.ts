/**
 * The program of a node in a process of its own: started by a cluster with a file of properties, it says in one line of
 * JSON when it serves, and stops when it is asked to.
 */
import { runMain } from '@biquorum/platform/node';

await runMain(async ([file = '', ...flags], print) => {
  const { DETECT_RESETS, runServer } = await import('./run-server.ts');
  return runServer({ file, print, detectResets: flags.includes(DETECT_RESETS) });
});
