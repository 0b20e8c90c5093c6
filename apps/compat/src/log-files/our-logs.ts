import { compressionCodecs } from '@biquorum/compression';
import { LogManager, type LogManagerOptions } from '@biquorum/log';
import { createNodePorts } from '@biquorum/platform/node';

/** Settings of the topics that FillBroker makes, as far as they shape the files. */
export const SEGMENT_BYTES = 20_000;

/** Opens the logs of a directory in Node, lets something happen, and closes them cleanly. */
export async function withOurLogs<T>(
  directory: string,
  options: Omit<LogManagerOptions, 'ports' | 'directories' | 'codecs'>,
  body: (logs: LogManager) => Promise<T>,
): Promise<T> {
  const ports = createNodePorts();
  try {
    await using logs = await LogManager.open({
      ports,
      directories: [directory],
      codecs: compressionCodecs(),
      ...options,
    });
    return await body(logs);
  } finally {
    await ports.close();
  }
}
