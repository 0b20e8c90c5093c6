import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePorts, LOOPBACK } from '../apache/ports.ts';
import { formatProperties, type Properties } from '../apache/properties.ts';
import { ServerProcess } from '../apache/server-process.ts';

const MAIN = join(import.meta.dirname, '..', '..', '..', 'cli', 'src', 'main.ts');
const READY_TIMEOUT_MS = 120_000;

/** Our ZooKeeper server by a `zoo.cfg`, in a process of its own. */
export class OurZooKeeper implements AsyncDisposable {
  readonly #server: ServerProcess;

  /** `host:port` for clients. */
  readonly connect: string;

  private constructor(server: ServerProcess, connect: string) {
    this.#server = server;
    this.connect = connect;
  }

  /** @param system system properties, as `-D` gives them */
  static async start(
    directory: string,
    settings: Properties = {},
    system: readonly string[] = [],
  ): Promise<OurZooKeeper> {
    const [port] = await freePorts(1);
    const data = join(directory, 'data');
    mkdirSync(data, { recursive: true });
    const file = join(directory, 'zoo.cfg');
    const own: Properties = {
      dataDir: data,
      clientPort: port ?? 0,
      clientPortAddress: LOOPBACK,
      tickTime: 1000,
      maxSessionTimeout: 60_000,
      maxClientCnxns: 0,
      '4lw.commands.whitelist': '*',
      ...settings,
    };
    writeFileSync(file, formatProperties(own));
    const server = await ServerProcess.start({
      command: process.execPath,
      args: ['--conditions=@biquorum/source', MAIN, 'zookeeper', file, '--json', ...system.map((one) => `-D${one}`)],
      cwd: directory,
      logFile: join(directory, 'zookeeper.log'),
      readyLine: /"event":"ready"/,
      readyTimeoutMs: READY_TIMEOUT_MS,
    });
    return new OurZooKeeper(server, `${LOOPBACK}:${port}`);
  }

  async stop(): Promise<void> {
    await this.#server.stop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.kill();
  }
}
