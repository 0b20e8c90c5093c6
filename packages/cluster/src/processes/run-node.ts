import { PlaneError } from '@biquorum/control-plane';
import { NetworkError } from '@biquorum/platform';
import { DETECT_RESETS, type FailedLine, type RunServerOptions, runServer } from './run-server.ts';

/**
 * Runs a node of a cluster of processes: with the arguments of its process, until it is asked to stop.
 *
 * A program of one's own that does what {@link ClusterOptions.nodeMain} needs calls this, and may look at what the node
 * tells and does through its ports.
 *
 * @param args the file of its properties, and flags
 * @param print writes a line to the standard output, where the cluster listens
 * @returns the status to exit with
 * @throws what stands in the way of the start, after it was told
 */
export async function runNode(
  [file = '', ...flags]: readonly string[],
  print: (line: string) => void,
  watch: Pick<RunServerOptions, 'telemetry' | 'wrapPorts'> = {},
): Promise<number> {
  try {
    return await runServer({ ...watch, file, print, ofCluster: true, detectResets: flags.includes(DETECT_RESETS) });
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
}
