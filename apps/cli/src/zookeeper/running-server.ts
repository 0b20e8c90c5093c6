import { createNodePorts, stderrTelemetry } from '@biquorum/platform/node';
import { startZooKeeper } from '@biquorum/zookeeper';
import { hostFacts } from './host-facts.ts';
import { readConfig } from './read-config.ts';

/** A server that was started, in this process or in one of its own. */
export interface RunningServer {
  /** `host:port` for clients; empty when there is none. */
  readonly connect: string;
  readonly pid: number;
  /** Resolves with the reason when it has stopped for good and nobody has asked it to. */
  readonly failed: Promise<string>;
  stop(): Promise<void>;
}

/**
 * Starts a server by its `zoo.cfg` in this process.
 *
 * @param properties system properties of the command line
 */
export async function startHere(file: string, properties: ReadonlyMap<string, string>): Promise<RunningServer> {
  const settings = readConfig(file, properties);
  const ports = createNodePorts({ telemetry: stderrTelemetry({ level: 'warn' }) });
  const failing = Promise.withResolvers<string>();
  const onFailure = (error: unknown): void => failing.resolve(error instanceof Error ? error.message : String(error));
  try {
    const node = await startZooKeeper({ settings, ports, host: hostFacts, onFailure });
    const isAnywhere = settings.clientHost === '0.0.0.0' || settings.clientHost === '::';
    return {
      connect: node.clientPort === null ? '' : `${isAnywhere ? '127.0.0.1' : settings.clientHost}:${node.clientPort}`,
      pid: process.pid,
      failed: failing.promise,
      async stop() {
        await node.stop();
        await ports.close();
      },
    };
  } catch (error) {
    await ports.close();
    throw error;
  }
}
