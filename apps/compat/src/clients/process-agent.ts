import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import {
  type Agent,
  AgentError,
  type ConsumedRecord,
  type Hello,
  type Operation,
  type ReplyLine,
  type ReplyOf,
  type RequestOf,
} from './agent-protocol.ts';

/** How to start an agent's process. */
export interface AgentCommand {
  readonly command: string;
  readonly args: readonly string[];
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** How long one request may take before the agent counts as hung. */
const HUNG_MS = 100_000;
/** How long an agent may take to end in order. */
const FAREWELL_MS = 10_000;
/** Longest piece of the agent's error output that a failure shows. */
const SHOWN_CHARACTERS = 2_000;

/** Agents that still run, so that none outlives this process. */
const running = new Set<ChildProcessWithoutNullStreams>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/**
 * Starts an agent's process and says hello.
 *
 * @throws Error with the end of its error output if it cannot be started or does not answer
 */
export async function startProcessAgent(command: AgentCommand, bootstrap: readonly string[]): Promise<Agent> {
  const agent = new ProcessAgent(command);
  try {
    agent.hello = await agent.ask('hello', { bootstrap });
    return agent;
  } catch (error) {
    await agent.crash();
    throw error;
  }
}

interface Pending {
  readonly id: number;
  readonly op: Operation;
  readonly records: ConsumedRecord[];
  /** Whether the reply has records, which came in lines before it. */
  readonly streams: boolean;
  readonly resolve: (reply: Readonly<Record<string, unknown>>) => void;
  readonly reject: (error: Error) => void;
}

class ProcessAgent implements Agent {
  hello: Hello = { name: '', version: '', codecs: [], lacksCodecs: {}, partitioners: [], lacks: {} };
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #closed: Promise<unknown>;
  #said = '';
  #pending: Pending | undefined;
  #nextId = 1;

  constructor({ command, args, env }: AgentCommand) {
    this.#child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...env } });
    running.add(this.#child);
    this.#closed = once(this.#child, 'close').catch(() => {});
    this.#child.once('exit', () => running.delete(this.#child));
    this.#child.once('error', (error) => this.#fail(`cannot be started: ${error.message}`));
    this.#child.once('close', () => this.#fail('ended'));
    // Whoever reads no more has ended, and says so by that.
    this.#child.stdin.on('error', () => {});
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#said = (this.#said + text).slice(-SHOWN_CHARACTERS);
    });
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#take(line));
  }

  async ask<Op extends Operation>(op: Op, request: RequestOf<Op>): Promise<ReplyOf<Op>> {
    if (this.#pending !== undefined) throw new Error(`${op} is asked before the last request was answered`);
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) throw this.#broken(`${op}: the agent ended`);
    const id = this.#nextId++;
    let hung: NodeJS.Timeout | undefined;
    try {
      const reply = await new Promise<Readonly<Record<string, unknown>>>((resolve, reject) => {
        this.#pending = { id, op, records: [], streams: op === 'consume' || op === 'poll', resolve, reject };
        hung = setTimeout(() => reject(this.#broken(`${op}: no reply within ${HUNG_MS} ms`)), HUNG_MS);
        this.#child.stdin.write(`${JSON.stringify({ ...request, id, op })}\n`);
      });
      return reply as ReplyOf<Op>;
    } finally {
      clearTimeout(hung);
      this.#pending = undefined;
    }
  }

  async crash(): Promise<readonly ConsumedRecord[]> {
    this.#child.kill('SIGKILL');
    if (this.#child.pid !== undefined) await this.#closed;
    return [];
  }

  async close(): Promise<void> {
    this.#child.stdin.end();
    const late = setTimeout(() => this.#child.kill('SIGKILL'), FAREWELL_MS);
    if (this.#child.pid !== undefined) await this.#closed;
    clearTimeout(late);
  }

  #take(line: string): void {
    const pending = this.#pending;
    let reply: ReplyLine;
    try {
      reply = JSON.parse(line);
    } catch {
      pending?.reject(this.#broken(`not a line of JSON: ${line.slice(0, 200)}`));
      return;
    }
    if (pending === undefined || reply.id !== pending.id) return;
    if ('records' in reply) pending.records.push(...reply.records);
    else if ('error' in reply) {
      const { name, code, message } = reply.error;
      pending.reject(new AgentError({ name, code, message: `${pending.op}: ${message}` }));
    } else pending.resolve(pending.streams ? { ...reply.ok, records: pending.records } : reply.ok);
  }

  #fail(what: string): void {
    this.#pending?.reject(this.#broken(`the agent ${what}`));
  }

  #broken(what: string): Error {
    const name = this.hello.name || this.#child.spawnargs.join(' ');
    return new Error(`${name}: ${what}${this.#said === '' ? '' : `; it said:\n${this.#said}`}`);
  }
}
