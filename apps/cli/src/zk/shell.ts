import { type AsyncCompleter, createInterface } from 'node:readline';
import type { WatchEvent, ZooKeeperClient } from '@biquorum/zookeeper-client';
import { CommandFault, type Terminal, UsageError } from '../command.ts';
import { wholeNumber } from '../flags.ts';
import { zkCommand, zkCommands } from './commands.ts';
import { explained } from './explain.ts';
import { wordsOf } from './words.ts';
import { readArguments, type ShellContext } from './zk-command.ts';

/** Commands of the shell itself. */
const OWN: readonly (readonly [name: string, summary: string])[] = [
  ['history', 'what was typed, with numbers'],
  ['redo', 'do what was typed under a number again: redo N'],
  ['printwatches', 'on or off: whether watches are told'],
  ['help', 'this list'],
  ['quit', 'end the session; also close and exit'],
];

/** A line was typed that cannot be done; the shell says so and goes on. */
type Outcome = 'done' | 'failed' | 'quit';

/** Reads commands and does them, one after the other, in one session. */
export class ZkShell {
  readonly #terminal: Terminal;
  readonly #context: ShellContext;
  readonly #json: boolean;
  readonly #history: string[] = [];
  #tellsWatches = true;

  constructor(client: ZooKeeperClient, terminal: Terminal, { json }: { readonly json: boolean }) {
    this.#terminal = terminal;
    this.#json = json;
    this.#context = {
      client,
      watch: (event) => this.#tell(event),
      progress: (line) => terminal.progress(line),
    };
  }

  /** Does one command. @returns whether it could */
  async once(words: readonly string[]): Promise<boolean> {
    return (await this.#do(words)) !== 'failed';
  }

  /**
   * Does what comes in line by line: typed, with a prompt and completion of commands and paths, or piped.
   *
   * @param prompt what stands before what is typed
   * @returns whether everything that was piped could be done
   */
  async all(prompt: () => string): Promise<boolean> {
    const { input } = this.#terminal;
    const isInteractive = 'isTTY' in input && input.isTTY === true;
    const lines = createInterface({
      input,
      ...(isInteractive ? { output: process.stdout, completer: this.#completer() } : {}),
    });
    let failed = false;
    const ask = (): void => {
      if (!isInteractive) return;
      lines.setPrompt(prompt());
      lines.prompt();
    };
    ask();
    for await (const line of lines) {
      const outcome = await this.#line(line);
      if (outcome === 'quit') break;
      failed ||= outcome === 'failed';
      ask();
    }
    lines.close();
    return isInteractive || !failed;
  }

  async #line(line: string): Promise<Outcome> {
    if (line.trim() === '') return 'done';
    this.#history.push(line);
    try {
      return await this.#do(wordsOf(line));
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      this.#terminal.complain(error.message);
      return 'failed';
    }
  }

  async #do(words: readonly string[]): Promise<Outcome> {
    const [name = '', ...rest] = words;
    switch (name.toLowerCase()) {
      case 'quit':
      case 'close':
      case 'exit':
        return 'quit';
      case 'help':
        this.#help();
        return 'done';
      case 'history':
        for (const [number, line] of this.#history.entries()) this.#terminal.print(`${number} - ${line}`);
        return 'done';
      case 'printwatches':
        if (rest[0] !== undefined) this.#tellsWatches = rest[0] === 'on';
        else this.#terminal.print(`printwatches is ${this.#tellsWatches ? 'on' : 'off'}`);
        return 'done';
      case 'redo':
        return this.#redo(rest[0]);
      default:
        return this.#ask(name, rest);
    }
  }

  async #ask(name: string, words: readonly string[]): Promise<Outcome> {
    const command = zkCommand(name);
    try {
      if (command === undefined) throw new UsageError(`Command not found: ${name}. help lists those there are.`);
      const { lines, json } = await command.run(this.#context, readArguments(command, words));
      this.#terminal.progress('');
      if (this.#json) this.#terminal.print(JSON.stringify(json));
      else for (const line of lines) this.#terminal.print(line);
      return 'done';
    } catch (error) {
      const words = error instanceof UsageError || error instanceof CommandFault ? error.message : explained(error);
      if (words === undefined) throw error;
      this.#terminal.complain(words);
      return 'failed';
    }
  }

  #redo(number: string | undefined): Promise<Outcome> {
    if (number === undefined) throw new UsageError('Usage: redo N; history shows the numbers.');
    const line = this.#history[wholeNumber('redo', number, 0, this.#history.length - 1)] as string;
    const words = wordsOf(line);
    if (words[0]?.toLowerCase() === 'redo') throw new UsageError(`${line} would do itself again.`);
    return this.#do(words);
  }

  #help(): void {
    for (const { name, synopsis } of zkCommands) this.#terminal.print(`\t${`${name} ${synopsis}`.trim()}`);
    for (const [name, summary] of OWN) this.#terminal.print(`\t${name}: ${summary}`);
  }

  #tell({ type, path, zxid }: WatchEvent): void {
    if (!this.#tellsWatches) return;
    if (this.#json) this.#terminal.print(JSON.stringify({ event: type, path, zxid }));
    else
      this.#terminal.print(`\nWATCHER::\n\nWatchedEvent state:SyncConnected type:${type} path:${path} zxid: ${zxid}`);
  }

  /** Completes the name of a command, and paths by the children that there are. */
  #completer(): AsyncCompleter {
    return (line, callback) => {
      const last = line.slice(line.lastIndexOf(' ') + 1);
      if (!last.startsWith('/')) {
        const names = [...zkCommands.map(({ name }) => name), ...OWN.map(([name]) => name)];
        const hits = line.includes(' ') ? [] : names.filter((name) => name.startsWith(line));
        callback(null, [hits.map((name) => `${name} `), line]);
        return;
      }
      const slash = last.lastIndexOf('/');
      const parent = last.slice(0, Math.max(1, slash));
      this.#context.client.getChildren(parent).then(
        ({ children }) => {
          const paths = children
            .map((child) => `${last.slice(0, slash)}/${child}`)
            .filter((path) => path.startsWith(last));
          callback(null, [paths.toSorted(), last]);
        },
        // A path that is not there has no completions.
        () => callback(null, [[], last]),
      );
    };
  }
}
