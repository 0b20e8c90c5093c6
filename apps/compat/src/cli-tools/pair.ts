import { join } from 'node:path';
import { type Outcome, runProgram } from '../java/run-program.ts';
import type { ToolName, ToolServer } from '../java/tool-server.ts';
import type { Substitutions } from '../mixed-cluster/transcript.ts';

/** Where our command line begins. */
export const OURS_MAIN: string = join(import.meta.dirname, '..', '..', '..', 'cli', 'src', 'main.ts');

/** A tool that both have. */
export type PairedTool = Extract<
  ToolName,
  | 'kafka-dump-log'
  | 'kafka-topics'
  | 'kafka-configs'
  | 'kafka-consumer-groups'
  | 'kafka-metadata-quorum'
  | 'zookeeper-shell'
>;

/** Our name of each of Apache's tools. */
const OURS: Readonly<Record<PairedTool, string>> = {
  'kafka-dump-log': 'dump-log',
  'kafka-topics': 'topics',
  'kafka-configs': 'configs',
  'kafka-consumer-groups': 'consumer-groups',
  'kafka-metadata-quorum': 'metadata-quorum',
  'zookeeper-shell': 'zk',
};

/** How two outputs are compared. */
export interface Comparison {
  /** What differs from run to run, and what stands for it. */
  readonly substitutions?: Substitutions;
  /** Word by word instead of line by line: Apache's tool forgets to end its lines. */
  readonly words?: boolean;
  /** Ours ends with another status: the caller has asked for what is not there, which Apache's takes for success. */
  readonly ourStatus?: number;
  /** Both only look: what a broker has not heard of yet makes no difference in the end. */
  readonly settles?: boolean;
  /** Only the status counts: errors are told in words of each one's own. */
  readonly statusOnly?: boolean;
}

/** Runs our command line to its end. */
export function runOurs(command: string, args: readonly string[], input?: Iterable<string>): Promise<Outcome> {
  return runProgram({
    command: process.execPath,
    args: ['--conditions=@biquorum/source', OURS_MAIN, command, ...args],
    tolerant: true,
    ...(input === undefined ? {} : { input }),
  });
}

/** Tools ask brokers of their own choice; by then all have heard of what was changed. */
const SETTLED_WITHIN_MS = 30_000;

/** The same call to Apache's tool and to ours, on one cluster at one time. */
export class Pair {
  readonly #tools: ToolServer;
  #count = 0;

  constructor(tools: ToolServer) {
    this.#tools = tools;
  }

  /** How many calls were compared. */
  get count(): number {
    return this.#count;
  }

  /** Calls that change nothing, or the same in the end. @throws Error with both outputs when they differ */
  async same(tool: PairedTool, args: readonly string[], how: Comparison = {}): Promise<void> {
    await this.each(tool, args, args, { settles: !args.includes('--execute'), ...how });
  }

  /** Calls that do the same to a thing of its own each. @throws Error with both outputs when they differ */
  async each(
    tool: PairedTool,
    theirArgs: readonly string[],
    ourArgs: readonly string[],
    how: Comparison = {},
  ): Promise<void> {
    this.#count++;
    const deadlineMs = performance.now() + (how.settles === true ? SETTLED_WITHIN_MS : 0);
    for (;;) {
      const difference = await this.#difference(tool, theirArgs, ourArgs, how);
      if (difference === undefined) return;
      if (performance.now() >= deadlineMs) throw new Error(difference);
    }
  }

  /** Undefined when both say the same. */
  async #difference(
    tool: PairedTool,
    theirArgs: readonly string[],
    ourArgs: readonly string[],
    how: Comparison,
  ): Promise<string | undefined> {
    const [theirs, ours] = await Promise.all([this.#tools.run(tool, theirArgs), runOurs(OURS[tool], ourArgs)]);
    const [expected, actual] = [normal(theirs, how), normal(ours, how)];
    if (actual === expected && sameStatus(ours.status, how.ourStatus ?? theirs.status)) return undefined;
    return `${tool} ${theirArgs.join(' ')}\n--- Apache (${theirs.status}):\n${expected}\n--- ours (${ours.status}):\n${actual}\n${ours.stderr}`;
  }
}

/** Apache's tools know 0 and 1; ours tell a call that makes no sense by 2. */
function sameStatus(ours: number, theirs: number): boolean {
  return ours === theirs || (theirs === 1 && ours === 2);
}

function normal(
  { stdout, stderr }: Outcome,
  { substitutions = [], words = false, statusOnly = false }: Comparison,
): string {
  if (statusOnly) return '';
  const told = `${stdout}\n${stderr}`.split('\n').filter((line) => !NOISE.test(line));
  let text = told.join('\n');
  for (const [found, instead] of substitutions) text = text.replaceAll(found, instead);
  const parts = words ? text.split(/\s+/) : text.split('\n').map((line) => line.replace(/\s+/g, ' ').trim());
  return parts
    .filter((part) => part !== '')
    .toSorted()
    .join('\n');
}

/** What tools say of themselves. */
const NOISE =
  /^(log4j:|Connecting to |WATCHER::|WatchedEvent state:SyncConnected type:None|SLF4J|\[\d{4}-)|the tool has ended/;
