import type { GroupDescription } from '@biquorum/coordinators';
import { formatProperties } from '@biquorum/log';
import type { ClusterView } from '@biquorum/metadata';
import type { Ports } from '@biquorum/platform';
import { type ChildProcess, nodeCommand, startChildProcess } from '@biquorum/platform/node';
import type { ClusterNode, NodeRole, NodeStatus, TopicInSync } from '../cluster-node.ts';
import type { Inspection, LogDescription, QuorumStanding } from '../inspection.ts';
import type { PlannedNode } from '../kraft/kraft-mode.ts';
import { NodeStartError } from '../node-start-error.ts';
import { untilIdIsFree } from '../until-id-is-free.ts';
import { NodeProbe } from './node-probe.ts';
import { type AnswerLine, inspectionBy, type Question, type QuestionLine } from './questions.ts';
import { CHILD_VARIABLE, DETECT_RESETS, type NodeLine, type ReadyLine } from './run-server.ts';

/** How a node in a process of its own is made. */
export interface ProcessNodeParts {
  readonly node: PlannedNode;
  readonly ports: Ports;
  readonly detectResets: boolean;
  /** Its id may still be held by an earlier life of it, before this process: it waits. False by default. */
  readonly hasLived?: boolean;
  /** See {@link ClusterOptions.nodeMain}. */
  readonly main?: string;
  /** Makes its directories ready. */
  readonly prepare: () => Promise<void>;
  /** Checks its properties. */
  readonly check: (properties: ReadonlyMap<string, string>) => unknown;
  /** Tells its epoch as the active controller where its own requests do not. */
  readonly activeEpoch?: () => Promise<number | undefined>;
}

/** A node's process, for those who look at it from outside. */
export interface NodeProcess {
  readonly role: NodeRole;
  readonly id: number;
  readonly port: number;
  /** −1 while it does not run. */
  readonly pid: number;
  readonly directory: string;
  readonly logFile: string;
  /** Program and arguments that start it. */
  readonly command: readonly string[];
}

/** Beside this module, or beside the bundle that it is part of. */
const MAIN = import.meta.url.replace(/[^/]*(\.[jt]s)$/, 'node-main$1');

/** One node of a cluster in a child process. What is asked of it is asked by Kafka's own requests, or line by line. */
export class ProcessNode implements ClusterNode {
  readonly id: number;
  readonly role: NodeRole;
  readonly #parts: ProcessNodeParts;
  #child: ChildProcess | undefined;
  #probe: NodeProbe | undefined;
  #address = '';
  #paused = false;
  /** Who waits for an answer, by the question's number. */
  readonly #asked: Map<number, (answer: unknown) => void> = new Map();
  readonly #inspection: Inspection = inspectionBy((question) => this.#ask(question));
  #questions = 0;
  #kills = 0;
  /** The end of the last start, however it ended. */
  #starting: Promise<void> | undefined;

  constructor(parts: ProcessNodeParts) {
    this.#parts = parts;
    this.id = parts.node.id;
    this.role = parts.node.role;
  }

  get status(): NodeStatus {
    return {
      role: this.role,
      id: this.id,
      address: this.#child === undefined ? '' : this.#address,
      state: this.#child === undefined ? 'stopped' : this.#paused ? 'paused' : 'running',
    };
  }

  get process(): NodeProcess {
    const { directory } = this.#parts.node;
    return {
      role: this.role,
      id: this.id,
      port: Number(this.#address.split(':').at(-1)),
      pid: this.#child?.pid ?? -1,
      directory,
      logFile: this.#logFile,
      command: nodeCommand(this.#parts.main ?? MAIN, this.#arguments),
    };
  }

  async leads(topic: string, partition: number): Promise<boolean> {
    if (this.#paused || this.role !== 'broker') return false;
    return (await this.#probe?.leads(topic, partition)) ?? false;
  }

  async topicInSync(topic: string): Promise<TopicInSync | undefined> {
    return this.#paused || this.role !== 'broker' ? undefined : this.#probe?.topicInSync(topic);
  }

  view(): Promise<ClusterView | undefined> {
    return this.#inspection.view();
  }

  log(topic: string, partition: number): Promise<LogDescription | undefined> {
    return this.#inspection.log(topic, partition);
  }

  group(groupId: string): Promise<GroupDescription | undefined> {
    return this.#inspection.group(groupId);
  }

  quorum(): Promise<QuorumStanding | undefined> {
    return this.#inspection.quorum();
  }

  async activeEpoch(): Promise<number | undefined> {
    if (this.#paused || this.#child === undefined) return undefined;
    if (this.#parts.activeEpoch !== undefined) return this.#parts.activeEpoch();
    return this.role === 'broker' ? undefined : this.#probe?.activeEpoch();
  }

  start(): Promise<void> {
    if (this.#child !== undefined) return Promise.resolve();
    const starting = this.#start();
    const over = starting.then(nothing, nothing);
    this.#starting = over;
    return starting;
  }

  async #start(): Promise<void> {
    const kills = this.#kills;
    this.#parts.check(this.#parts.node.properties);
    await this.#parts.prepare();
    await this.#writeProperties();
    const ready = await untilIdIsFree(this.#parts.ports, this.#address !== '' || (this.#parts.hasLived ?? false), () =>
      this.#spawn(kills),
    );
    this.#address = ready.address;
    this.#probe = new NodeProbe(this.#parts.ports, this.id, ready.address);
    // A node that comes back is found where clients know it.
    if (this.role === 'zookeeper') return;
    const scheme = this.role === 'broker' ? 'PLAINTEXT' : 'CONTROLLER';
    this.#parts.node.properties.set('listeners', `${scheme}://${ready.address}`);
    await this.#writeProperties();
  }

  async stop(): Promise<void> {
    this.resume();
    this.#child?.kill('SIGTERM');
    await this.#ended();
  }

  async kill(): Promise<void> {
    this.#kills += 1;
    this.#child?.kill('SIGKILL');
    await this.#ended();
    // What it was started with is not touched any more.
    await this.#starting;
  }

  pause(): void {
    this.#child?.kill('SIGSTOP');
    this.#paused = this.#child !== undefined;
    this.#unanswered();
  }

  resume(): void {
    if (this.#paused) this.#child?.kill('SIGCONT');
    this.#paused = false;
  }

  get #arguments(): readonly string[] {
    return [this.#propertiesFile, ...(this.#parts.detectResets ? [DETECT_RESETS] : [])];
  }

  get #propertiesFile(): string {
    return `${this.#parts.node.directory}.properties`;
  }

  get #logFile(): string {
    return `${this.#parts.node.directory}.log`;
  }

  async #ended(): Promise<void> {
    const child = this.#child;
    await child?.exited;
    if (this.#child === child) this.#gone();
  }

  #gone(): void {
    this.#child = undefined;
    this.#paused = false;
    this.#unanswered();
    this.#probe?.close();
    this.#probe = undefined;
  }

  /** Resolves with undefined where nobody answers: it does not run, is paused, or ends meanwhile. */
  #ask(question: Question): Promise<unknown> {
    const child = this.#child;
    if (child === undefined || this.#paused) return Promise.resolve(undefined);
    this.#questions += 1;
    const line: QuestionLine = { ...question, id: this.#questions };
    return new Promise((resolve) => {
      this.#asked.set(line.id, resolve);
      child.send(JSON.stringify(line));
    });
  }

  #answered({ id, answer }: AnswerLine): void {
    this.#asked.get(id)?.(answer);
    this.#asked.delete(id);
  }

  #unanswered(): void {
    for (const resolve of this.#asked.values()) resolve(undefined);
    this.#asked.clear();
  }

  #spawn(kills: number): Promise<ReadyLine> {
    const name = `${this.role} ${this.id}`;
    if (this.#kills !== kills) {
      return Promise.reject(new NodeStartError(`${name} was killed before it served`, 'interrupted'));
    }
    return new Promise((resolve, reject) => {
      const child: ChildProcess = startChildProcess({
        main: this.#parts.main ?? MAIN,
        args: this.#arguments,
        logFile: this.#logFile,
        environment: { [CHILD_VARIABLE]: '1' },
        onLine: (line) => {
          const told = readLine(line);
          switch (told?.event) {
            case 'ready':
              return resolve(told);
            case 'failed':
              return reject(new NodeStartError(`${name}: ${told.reason}`, told.code));
            case 'answer':
              return this.#answered(told);
          }
        },
        onExit: (how) => {
          if (this.#child === child) this.#gone();
          reject(new NodeStartError(`${name} ended with ${how} before it served; see ${this.#logFile}`));
        },
      });
      this.#child = child;
    });
  }

  #writeProperties(): Promise<void> {
    return this.#parts.ports.disk.replace(this.#propertiesFile, formatProperties(this.#parts.node.properties));
  }
}

function nothing(): void {}

/** Undefined for a line that is none of ours, or that its process did not come to end. */
function readLine(line: string): NodeLine | undefined {
  if (!line.startsWith('{"event":')) return undefined;
  try {
    return JSON.parse(line) as NodeLine;
  } catch {
    return undefined;
  }
}
