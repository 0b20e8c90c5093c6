import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatProperties, type Properties } from '../apache/properties.ts';
import { ServerProcess } from '../apache/server-process.ts';
import type { Java } from '../java/java.ts';

/** Whose program a node runs. */
export type Make = 'apache' | 'ours';

/** A node of a cluster: a directory, and who runs on it. */
export interface NodePlan {
  readonly id: number;
  readonly make: Make;
  /** Holds configuration, output and, under `data`, the node's data. */
  readonly directory: string;
  readonly properties: Properties;
  /** `host:port` of the listener for clients; empty where there is none. */
  readonly client: string;
  /** Options of the JVM where Apache's runs; by default those of a test. */
  readonly jvm?: readonly string[];
  /** File that runs `biquorum` where ours runs; the sources by default. */
  readonly main?: string;
  /** How long it may take to start; two minutes by default. */
  readonly readyTimeoutMs?: number;
}

const READY_TIMEOUT_MS = 120_000;
const SERVER_JVM = ['-Xms128m', '-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto'];
const CLI = join(import.meta.dirname, '..', '..', '..', 'cli', 'src', 'main.ts');

/** A node in a process of its own, ours or Apache's, that can be killed and started again on the same directory. */
export class NodeProcess<Plan extends NodePlan = NodePlan> {
  readonly plan: Plan;
  readonly #java: Java;
  #make: Make;
  #server: ServerProcess | undefined;
  #paused = false;

  constructor(plan: Plan, java: Java) {
    this.plan = plan;
    this.#java = java;
    this.#make = plan.make;
  }

  get make(): Make {
    return this.#make;
  }

  /** Of its process; undefined before it was started. */
  get pid(): number | undefined {
    return this.#server?.pid;
  }

  get isRunning(): boolean {
    return this.#server?.isRunning === true;
  }

  /** Whether it can be asked: it runs, and is not paused. */
  get isServing(): boolean {
    return this.isRunning && !this.#paused;
  }

  get data(): string {
    return join(this.plan.directory, 'data');
  }

  get propertiesFile(): string {
    return join(this.plan.directory, 'server.properties');
  }

  get logFile(): string {
    return join(this.plan.directory, 'server.log');
  }

  /** Makes the directory, and writes the configuration into it. */
  writeConfiguration(): void {
    const { directory, properties } = this.plan;
    mkdirSync(this.data, { recursive: true });
    writeFileSync(this.propertiesFile, formatProperties({ ...properties, 'log.dirs': this.data }));
    writeFileSync(join(directory, 'log4j.properties'), LOGGING);
  }

  /** Starts it, and waits until it says that it serves. @param make who runs from now on */
  async start(make: Make = this.#make): Promise<void> {
    if (this.isRunning) throw new Error(`node ${this.plan.id} runs already`);
    this.#make = make;
    this.#paused = false;
    const { directory, jvm: options = SERVER_JVM, main, readyTimeoutMs = READY_TIMEOUT_MS } = this.plan;
    const common = { cwd: directory, logFile: this.logFile, readyTimeoutMs };
    if (make === 'apache') {
      const jvm = [
        ...options,
        `-Dlog4j.configuration=file:${join(directory, 'log4j.properties')}`,
        `-Dkafka.logs.dir=${directory}`,
      ];
      const args = this.#java.arguments('kafka.Kafka', [this.propertiesFile], jvm);
      // In ZooKeeper mode it says which of its numbers has started.
      const readyLine = /Kafka Server started|\[KafkaServer id=\d+\] started/;
      this.#server = await ServerProcess.start({ ...common, command: 'java', args, readyLine });
    } else {
      const program = main === undefined ? ['--conditions=@biquorum/source', CLI] : [main];
      const args = [...program, 'server', this.propertiesFile, '--json'];
      const readyLine = /"event":"ready"/;
      this.#server = await ServerProcess.start({ ...common, command: process.execPath, args, readyLine });
    }
  }

  /** Lets the process stand still, until it is resumed. */
  pause(): void {
    this.#signal('SIGSTOP');
    this.#paused = true;
  }

  resume(): void {
    this.#signal('SIGCONT');
    this.#paused = false;
  }

  /** A clean shutdown. */
  async stop(): Promise<void> {
    await this.#server?.stop();
  }

  /** kill -9. */
  async kill(): Promise<void> {
    await this.#server?.kill();
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid } = this.#server ?? {};
    if (pid === undefined || !this.isRunning) throw new Error(`node ${this.plan.id} does not run`);
    process.kill(pid, signal);
  }
}

const LOGGING = formatProperties({
  'log4j.rootLogger': 'INFO, stdout',
  'log4j.appender.stdout': 'org.apache.log4j.ConsoleAppender',
  'log4j.appender.stdout.layout': 'org.apache.log4j.PatternLayout',
  'log4j.appender.stdout.layout.ConversionPattern': '[%d] %p %m (%c)%n',
});
