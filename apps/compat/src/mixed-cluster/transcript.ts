import type { ToolName, ToolServer } from '../java/tool-server.ts';

/** Texts that differ from run to run, and what stands for them. */
export type Substitutions = readonly (readonly [found: RegExp | string, instead: string])[];

/** How one run of a tool is written down. */
export interface ToolStep {
  /** Over those of the transcript, before them. */
  readonly substitutions?: Substitutions;
  /** Changes a line before everything else. */
  readonly rewrite?: (line: string) => string;
  /** Keeps the lines for which it holds; all by default. */
  readonly keep?: (line: string) => boolean;
  /** Whether the order of lines is the tool's own affair. */
  readonly sorted?: boolean;
}

/** Runs of command-line tools as text: what was called, what it said, how it ended. */
export class Transcript {
  readonly #tools: ToolServer;
  readonly #substitutions: Substitutions;
  readonly #steps: string[] = [];

  constructor(tools: ToolServer, substitutions: Substitutions) {
    this.#tools = tools;
    this.#substitutions = substitutions;
  }

  /** What has been written down so far: a text for each step. */
  get steps(): readonly string[] {
    return this.#steps;
  }

  /** Runs a tool and writes down what it says. Returns its output as it was. */
  async run(tool: ToolName, args: readonly string[], step: ToolStep = {}): Promise<string> {
    const { stdout, stderr, status } = await this.#tools.run(tool, args);
    const call = this.#readable(`$ ${[tool, ...args].join(' ')}`, step);
    const lines = [...this.#lines(stdout, '', step), ...this.#lines(stderr, '! ', step)];
    this.#steps.push([call, ...lines, `= ${status}`].join('\n'));
    return stdout;
  }

  #lines(text: string, prefix: string, step: ToolStep): readonly string[] {
    const { rewrite = (line) => line, keep = () => true, sorted = false } = step;
    const lines = text
      .split('\n')
      .filter((line) => line.trim() !== '' && !STACK.test(line))
      .map((line) => this.#readable(rewrite(line), step))
      .filter(keep)
      .map((line) => `${prefix}${line}`);
    return sorted ? lines.toSorted() : lines;
  }

  #readable(line: string, { substitutions = [] }: ToolStep): string {
    let text = line;
    for (const [found, instead] of [...substitutions, ...this.#substitutions]) text = text.replaceAll(found, instead);
    // The width of columns follows that of addresses and offsets.
    return text.replace(/[ \t]+/g, ' ').trim();
  }
}

/** Where a failure came from within the tool is not ours to compare; nor how one JVM serves many tools. */
const STACK = /^\s+at |^\s+\.\.\. \d+ (?:more|common frames)|the tool has ended$/;

/** The steps of a text in which they are parted by empty lines. */
export function parseSteps(text: string): readonly string[] {
  return text
    .split('\n\n')
    .map((step) => step.trim())
    .filter((step) => step !== '');
}

/** The text of steps, with an empty line between them. */
export function formatSteps(steps: readonly string[]): string {
  return `${steps.join('\n\n')}\n`;
}
