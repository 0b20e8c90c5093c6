import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { javaDirectory, resolveClassPath } from '../java/class-path.ts';
import { type Outcome, runProgram } from '../java/run-program.ts';
import { freePorts, LOOPBACK } from './ports.ts';
import { formatProperties, type Properties } from './properties.ts';
import { ServerProcess } from './server-process.ts';

const READY_TIMEOUT_MS = 120_000;
const JVM = ['-Xms64m', '-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto'];
/** Sessions may be as short as two ticks, and as long as twenty by default. */
const TICK_MS = 1000;
const SESSION_MS_MAX = 60_000;

/**
 * One server of Apache ZooKeeper 3.9 that stands alone, on a loopback port, with its data in a directory. It can be
 * killed or stopped, and started again on the same data.
 */
export class ApacheZooKeeper implements AsyncDisposable {
  readonly #jars: string;
  readonly #directory: string;
  readonly #system: readonly string[];
  #server: ServerProcess | undefined;

  /** `host:port` for clients. */
  readonly connect: string;

  private constructor(jars: string, directory: string, port: number, system: readonly string[]) {
    this.#jars = jars;
    this.#directory = directory;
    this.#system = system.map((one) => `-D${one}`);
    this.connect = `${LOOPBACK}:${port}`;
  }

  /**
   * Resolves the jars and writes configuration under a directory; starts nothing.
   *
   * @param system system properties, as `-D` gives them
   */
  static async prepare(
    directory: string,
    settings: Properties = {},
    system: readonly string[] = [],
  ): Promise<ApacheZooKeeper> {
    const jars = await resolveClassPath(join(javaDirectory, 'zookeeper', 'pom.xml'));
    const [port] = await freePorts(1);
    if (port === undefined) throw new Error('no free port');
    const server = new ApacheZooKeeper(jars.join(delimiter), directory, port, system);
    mkdirSync(server.#file('data'), { recursive: true });
    const properties: Properties = {
      dataDir: server.#file('data'),
      clientPort: port,
      clientPortAddress: LOOPBACK,
      tickTime: TICK_MS,
      maxSessionTimeout: SESSION_MS_MAX,
      maxClientCnxns: 0,
      'admin.enableServer': false,
      '4lw.commands.whitelist': '*',
      ...settings,
    };
    writeFileSync(server.#file('zoo.cfg'), formatProperties(properties));
    writeFileSync(server.#file('log4j.properties'), loggingTo('INFO', 'System.out'));
    writeFileSync(server.#file('tools-log4j.properties'), loggingTo('ERROR', 'System.err'));
    return server;
  }

  /** Prepares a server and starts it. */
  static async start(
    directory: string,
    settings: Properties = {},
    system: readonly string[] = [],
  ): Promise<ApacheZooKeeper> {
    const server = await ApacheZooKeeper.prepare(directory, settings, system);
    await server.start();
    return server;
  }

  /** Starts it, and waits until it serves. */
  async start(): Promise<void> {
    if (this.#server?.isRunning) throw new Error('the server runs already');
    this.#server = await ServerProcess.start({
      command: 'java',
      args: [
        ...this.#system,
        ...this.#java('log4j.properties'),
        'org.apache.zookeeper.server.quorum.QuorumPeerMain',
        this.#file('zoo.cfg'),
      ],
      cwd: this.#directory,
      logFile: this.#file('zookeeper.log'),
      readyLine: /PrepRequestProcessor \(sid:\d+\) started/,
      readyTimeoutMs: READY_TIMEOUT_MS,
    });
  }

  /** Files of its transaction log, oldest first. */
  get transactionLogs(): readonly string[] {
    const directory = join(this.#file('data'), 'version-2');
    return readdirSync(directory)
      .filter((name) => name.startsWith('log.'))
      .toSorted((a, b) => Number.parseInt(a.slice(4), 16) - Number.parseInt(b.slice(4), 16))
      .map((name) => join(directory, name));
  }

  /** Runs another class of Apache ZooKeeper to its end. */
  run(mainClass: string, args: readonly string[], input: readonly string[] = []): Promise<Outcome> {
    const all = [...this.#java('tools-log4j.properties'), mainClass, ...args];
    return runProgram({ command: 'java', args: all, tolerant: true, input });
  }

  /** A clean shutdown. */
  async stop(): Promise<void> {
    await this.#server?.stop();
  }

  /** kill -9. */
  async kill(): Promise<void> {
    await this.#server?.kill();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }

  #java(logging: string): readonly string[] {
    return [...JVM, `-Dlog4j.configuration=file:${this.#file(logging)}`, '-cp', this.#jars];
  }

  #file(name: string): string {
    return join(this.#directory, name);
  }
}

function loggingTo(level: string, target: string): string {
  return formatProperties({
    'log4j.rootLogger': `${level}, console`,
    'log4j.appender.console': 'org.apache.log4j.ConsoleAppender',
    'log4j.appender.console.target': target,
    'log4j.appender.console.layout': 'org.apache.log4j.PatternLayout',
    'log4j.appender.console.layout.ConversionPattern': '[%d] %p %m (%c)%n',
  });
}
