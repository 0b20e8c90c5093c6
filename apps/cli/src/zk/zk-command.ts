import type { WatchEvent, ZooKeeperClient } from '@biquorum/zookeeper-client';
import { UsageError } from '../command.ts';
import { wholeNumber } from '../flags.ts';

/** What commands of the shell can do besides asking ZooKeeper. */
export interface ShellContext {
  readonly client: ZooKeeperClient;
  /** Hears of watches that commands set. The same function each time, so that a node is not told twice. */
  readonly watch: (event: WatchEvent) => void;
  /** Shows how far long work has come. */
  readonly progress: (line: string) => void;
}

/** What a command has found out: for people, and for programs. */
export interface ShellResult {
  readonly lines: readonly string[];
  readonly json: unknown;
}

/** A command of the shell, with the options and words of Apache's `zkCli`. */
export interface ZkCommand {
  readonly name: string;
  /** Arguments as the help shows them. */
  readonly synopsis: string;
  readonly summary: string;
  /** Letters of options that take no value. */
  readonly switches?: string;
  /** Letters of options that take one. */
  readonly values?: string;
  /** Fewest and most arguments beside options. */
  readonly argumentCount: readonly [least: number, most: number];
  /** @throws ZooKeeperError, UsageError */
  run(context: ShellContext, given: ZkArguments): Promise<ShellResult>;
}

/** The words after a command. */
export class ZkArguments {
  /** What belongs to no option, in order. */
  readonly words: readonly string[];
  readonly #switches: ReadonlySet<string>;
  readonly #values: ReadonlyMap<string, string>;

  constructor(words: readonly string[], switches: ReadonlySet<string>, values: ReadonlyMap<string, string>) {
    this.words = words;
    this.#switches = switches;
    this.#values = values;
  }

  /** Whether an option without a value is given. */
  has(letter: string): boolean {
    return this.#switches.has(letter);
  }

  /** The value of an option. */
  value(letter: string): string | undefined {
    return this.#values.get(letter);
  }

  /** The value of an option as a whole number. @throws UsageError */
  whole(letter: string, least: number): number | undefined {
    const text = this.#values.get(letter);
    return text === undefined ? undefined : wholeNumber(`-${letter}`, text, least);
  }

  /** The first word, a path. */
  get path(): string {
    return this.words[0] ?? '';
  }
}

/** Reads the words after a command; letters of several switches may stand together. @throws UsageError */
export function readArguments(command: ZkCommand, words: readonly string[]): ZkArguments {
  const { switches = '', values = '' } = command;
  const plain: string[] = [];
  const givenSwitches = new Set<string>();
  const givenValues = new Map<string, string>();
  const usage = `Usage: ${command.name} ${command.synopsis}`;
  for (let index = 0; index < words.length; index++) {
    const word = words[index] as string;
    const letters = word.slice(1);
    // Data may begin with a dash, too: only behind the path it can be data.
    if (!word.startsWith('-') || letters === '' || plain.length > 1) {
      plain.push(word);
    } else if (letters.length === 1 && values.includes(letters)) {
      const value = words[++index];
      if (value === undefined) throw new UsageError(`${word} needs a value. ${usage}`);
      givenValues.set(letters, value);
    } else if ([...letters].every((letter) => switches.includes(letter))) {
      for (const letter of letters) givenSwitches.add(letter);
    } else {
      throw new UsageError(`${command.name} has no option ${word}. ${usage}`);
    }
  }
  const [least, most] = command.argumentCount;
  if (plain.length < least || plain.length > most) throw new UsageError(usage);
  return new ZkArguments(plain, givenSwitches, givenValues);
}
