import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';
import { LOOPBACK } from '../apache/ports.ts';
import { formatProperties, type Properties } from '../apache/properties.ts';
import { ServerProcess } from '../apache/server-process.ts';

/** Whose program a server of an ensemble runs. */
export type Make = 'apache' | 'ours';

/** Ports of a server of an ensemble. */
export interface MemberPorts {
  readonly client: number;
  readonly quorum: number;
  readonly election: number;
}

/** A server of an ensemble: its place, and what its configuration says. */
export interface MemberPlan {
  readonly id: number;
  readonly make: Make;
  /** Holds configuration, output and, under `data`, its data. */
  readonly directory: string;
  readonly ports: MemberPorts;
  readonly settings: Properties;
  /** System properties, as `-D` gives them. */
  readonly system: readonly string[];
  /** Apache ZooKeeper's jars. */
  readonly jars: readonly string[];
}

const READY_TIMEOUT_MS = 120_000;
const WORD_TIMEOUT_MS = 10_000;
const JVM = ['-Xms64m', '-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto'];
const CLI = join(import.meta.dirname, '..', '..', '..', 'cli', 'src', 'main.ts');

/** A server of an ensemble in a process of its own, ours or Apache's. It can be killed and started again on its data. */
export class Member implements AsyncDisposable {
  readonly plan: MemberPlan;
  readonly connect: string;
  #make: Make;
  #server: ServerProcess | undefined;
  #paused = false;

  constructor(plan: MemberPlan) {
    this.plan = plan;
    this.#make = plan.make;
    this.connect = `${LOOPBACK}:${plan.ports.client}`;
    mkdirSync(this.data, { recursive: true });
    writeFileSync(join(this.data, 'myid'), String(plan.id));
    writeFileSync(this.#file('zoo.cfg'), formatProperties({ ...plan.settings, dataDir: this.data }));
    writeFileSync(this.#file('log4j.properties'), LOGGING);
  }

  get id(): number {
    return this.plan.id;
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
  get isAwake(): boolean {
    return this.isRunning && !this.#paused;
  }

  get data(): string {
    return this.#file('data');
  }

  /** Starts it; whether it finds a leader is another question. @param make who runs from now on */
  async start(make: Make = this.#make): Promise<void> {
    if (this.isRunning) throw new Error(`server ${this.id} runs already`);
    this.#make = make;
    this.#paused = false;
    const common = {
      cwd: this.plan.directory,
      logFile: this.#file('server.log'),
      readyTimeoutMs: READY_TIMEOUT_MS,
    };
    const config = this.#file('zoo.cfg');
    const system = this.plan.system.map((one) => `-D${one}`);
    if (make === 'apache') {
      const logging = `-Dlog4j.configuration=file:${this.#file('log4j.properties')}`;
      const main = 'org.apache.zookeeper.server.quorum.QuorumPeerMain';
      const args = [...JVM, ...system, logging, '-cp', this.plan.jars.join(delimiter), main, config];
      this.#server = await ServerProcess.start({ ...common, command: 'java', args, readyLine: /LOOKING/ });
    } else {
      const args = ['--conditions=@biquorum/source', CLI, 'zookeeper', config, ...system];
      this.#server = await ServerProcess.start({
        ...common,
        command: process.execPath,
        args,
        readyLine: /^Ready in/,
      });
    }
  }

  /** kill -9. */
  async kill(): Promise<void> {
    await this.#server?.kill();
  }

  /** Stops it as a scheduler would that forgot it: it knows nothing of the time that passes. */
  pause(): void {
    if (this.#server?.pid !== undefined) process.kill(this.#server.pid, 'SIGSTOP');
    this.#paused = true;
  }

  resume(): void {
    if (this.#server?.pid !== undefined) process.kill(this.#server.pid, 'SIGCONT');
    this.#paused = false;
  }

  /** A clean shutdown. */
  async stop(): Promise<void> {
    await this.#server?.stop();
  }

  /** What a four-letter word is answered; empty when nobody answers. */
  word(word: string): Promise<string> {
    if (!this.isAwake) return Promise.resolve('');
    return new Promise((resolve) => {
      const socket = connect(this.plan.ports.client, LOOPBACK, () => socket.end(word));
      let said = '';
      socket.setTimeout(WORD_TIMEOUT_MS, () => socket.destroy());
      socket.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
      socket.on('error', () => {});
      socket.on('close', () => resolve(said));
    });
  }

  /** `leader`, `follower` or `observer`; undefined while it does not serve. */
  async mode(): Promise<string | undefined> {
    return /^Mode: (\w+)$/m.exec(await this.word('srvr'))?.[1];
  }

  /** A value of `mntr`. */
  async monitored(name: string): Promise<string | undefined> {
    return new RegExp(`^${name}\\t(.*)$`, 'm').exec(await this.word('mntr'))?.[1];
  }

  /** All that it has printed, in all its lives. */
  output(): string {
    return readFileSync(this.#file('server.log'), 'utf8');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }

  #file(name: string): string {
    return join(this.plan.directory, name);
  }
}

const LOGGING = formatProperties({
  'log4j.rootLogger': 'INFO, console',
  'log4j.appender.console': 'org.apache.log4j.ConsoleAppender',
  'log4j.appender.console.layout': 'org.apache.log4j.PatternLayout',
  'log4j.appender.console.layout.ConversionPattern': '[%d] %p %m (%c)%n',
});
