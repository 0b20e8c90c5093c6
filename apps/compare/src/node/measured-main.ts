/**
 * The program of a node that is measured: the node as it is, with somebody at its ports who counts and who can cut
 * links, and with its events in a file. Beside the file of properties `x.properties` lie `x.events` and the socket `x.tap`.
 */
import { runMain } from '@biquorum/platform/node';

await runMain(async (args, print) => {
  const { runNode } = await import('@biquorum/cluster');
  const { watchNode } = await import('./watch-node.ts');
  return runNode(args, print, watchNode(args[0] ?? ''));
});
