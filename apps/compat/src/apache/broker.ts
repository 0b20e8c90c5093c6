import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Java } from '../java/java.ts';
import { freePorts, LOOPBACK } from './ports.ts';
import { formatProperties, type Properties } from './properties.ts';
import { ServerProcess } from './server-process.ts';

/** Text form of the cluster id that every broker started here is formatted with. */
export const CLUSTER_ID = 'compatcompatcompatcomg';

const READY_TIMEOUT_MS = 90_000;

/** What Apache's start script gives a server, with a heap that suits a machine shared with other tests. */
const SERVER_JVM = ['-Xms256m', '-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto'];

/**
 * One Apache broker that is its own controller (KRaft, combined roles), on loopback ports, with its data in a directory.
 * It can be killed or stopped, and started again on the same data.
 */
export class ApacheBroker implements AsyncDisposable {
  readonly #java: Java;
  readonly #directory: string;
  #server: ServerProcess | undefined;

  /** `host:port` of the listener for clients. */
  readonly bootstrap: string;

  /** `host:port` of the listener for controllers. */
  readonly controller: string;

  private constructor(java: Java, directory: string, port: number, controllerPort: number) {
    this.#java = java;
    this.#directory = directory;
    this.bootstrap = `${LOOPBACK}:${port}`;
    this.controller = `${LOOPBACK}:${controllerPort}`;
  }

  /** Writes configuration and formats storage under an empty directory; starts nothing. */
  static async prepare(java: Java, directory: string, settings: Properties = {}): Promise<ApacheBroker> {
    const [client, controller] = await freePorts(2);
    if (client === undefined || controller === undefined) throw new Error('no free ports');
    const broker = new ApacheBroker(java, directory, client, controller);
    mkdirSync(broker.dataDirectory, { recursive: true });
    const properties: Properties = {
      'process.roles': 'broker,controller',
      'node.id': 1,
      'controller.quorum.voters': `1@${LOOPBACK}:${controller}`,
      listeners: `PLAINTEXT://${LOOPBACK}:${client},CONTROLLER://${LOOPBACK}:${controller}`,
      'controller.listener.names': 'CONTROLLER',
      'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
      'log.dirs': broker.dataDirectory,
      'offsets.topic.replication.factor': 1,
      'offsets.topic.num.partitions': 1,
      'transaction.state.log.replication.factor': 1,
      'transaction.state.log.min.isr': 1,
      'transaction.state.log.num.partitions': 1,
      'group.initial.rebalance.delay.ms': 0,
      ...settings,
    };
    writeFileSync(broker.#file('server.properties'), formatProperties(properties));
    writeFileSync(broker.#file('log4j.properties'), LOGGING);
    await java.run('kafka.tools.StorageTool', ['format', '-t', CLUSTER_ID, '-c', broker.#file('server.properties')]);
    return broker;
  }

  /** Where the broker keeps its partitions. */
  get dataDirectory(): string {
    return join(this.#directory, 'data');
  }

  /** Starts the broker and waits until it serves clients. */
  async start(): Promise<void> {
    if (this.#server?.isRunning) throw new Error('the broker runs already');
    const jvm = [
      ...SERVER_JVM,
      `-Dlog4j.configuration=file:${this.#file('log4j.properties')}`,
      `-Dkafka.logs.dir=${this.#directory}`,
    ];
    this.#server = await ServerProcess.start({
      command: 'java',
      args: this.#java.arguments('kafka.Kafka', [this.#file('server.properties')], jvm),
      cwd: this.#directory,
      logFile: this.#file('broker.log'),
      readyLine: /Kafka Server started/,
      readyTimeoutMs: READY_TIMEOUT_MS,
    });
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

  #file(name: string): string {
    return join(this.#directory, name);
  }
}

const LOGGING = formatProperties({
  'log4j.rootLogger': 'INFO, stdout',
  'log4j.appender.stdout': 'org.apache.log4j.ConsoleAppender',
  'log4j.appender.stdout.layout': 'org.apache.log4j.PatternLayout',
  'log4j.appender.stdout.layout.ConversionPattern': '[%d] %p %m (%c)%n',
});
