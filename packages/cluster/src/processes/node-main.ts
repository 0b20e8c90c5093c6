/**
 * The program of a node in a process of its own: started by a cluster with a file of properties, it says in one line of
 * JSON when it serves, or why it cannot, and stops when it is asked to.
 */
import { runMain } from '@biquorum/platform/node';

await runMain(async (args, print) => {
  const { runNode } = await import('./run-node.ts');
  return runNode(args, print);
});
