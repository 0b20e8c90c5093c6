import { type Flag, UsageError } from './command.ts';

/** The arguments of a call, by the flags of its command. */
export class Arguments {
  /** What belongs to no flag, in order. */
  readonly positionals: readonly string[];
  /** Names of the flags in the order in which they were given. */
  readonly order: readonly string[];
  readonly #values: ReadonlyMap<string, readonly string[]>;

  constructor(
    values: ReadonlyMap<string, readonly string[]>,
    positionals: readonly string[],
    order: readonly string[] = [...values.keys()],
  ) {
    this.#values = values;
    this.positionals = positionals;
    this.order = order;
  }

  /** Whether a flag was given, with a value or without. */
  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** The value of a flag that is given once; undefined when it is not given, or without a value. */
  value(name: string): string | undefined {
    return this.#values.get(name)?.[0];
  }

  /** All values of a flag. */
  values(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }

  /** @throws UsageError when the flag is missing */
  required(name: string, what: string): string {
    const value = this.value(name);
    if (value === undefined) throw new UsageError(`--${name} is missing: ${what}.`);
    return value;
  }

  /** The value as a whole number; undefined when it is not given. @throws UsageError when it is none within the bounds */
  whole(name: string, least: number, most: number = Number.MAX_SAFE_INTEGER): number | undefined {
    const text = this.value(name);
    return text === undefined ? undefined : wholeNumber(`--${name}`, text, least, most);
  }

  /** Which one of these flags is given. @throws UsageError when it is none of them, or several */
  oneOf<Name extends string>(names: readonly Name[]): Name {
    const given = names.filter((name) => this.has(name));
    const [only, ...more] = given;
    if (only !== undefined && more.length === 0) return only;
    const list = names.map((name) => `--${name}`).join(', ');
    throw new UsageError(`give exactly one of ${list}${given.length === 0 ? '' : `, not ${given.length}`}.`);
  }
}

/**
 * Reads arguments by a list of flags: `--name value` and `--name=value`, as Kafka's tools have them, and `-n value` for
 * those with a short name. What follows a flag that needs a value is its value, dashes or not.
 *
 * @throws UsageError for a flag that is not in the list, lacks its value, has one too many, or comes twice
 */
export function parseFlags(args: readonly string[], flags: readonly Flag[]): Arguments {
  const byName = new Map(flags.map((flag) => [flag.name, flag]));
  const byShortName = new Map(flags.flatMap(({ name, short }) => (short === undefined ? [] : [[`-${short}`, name]])));
  const values = new Map<string, string[]>();
  const positionals: string[] = [];
  const order: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const word = args[index] as string;
    const long = byShortName.get(word);
    const arg = long === undefined ? word : `--${long}`;
    if (!arg.startsWith('--') || arg === '--') {
      positionals.push(arg);
      continue;
    }
    const equals = arg.indexOf('=');
    const name = arg.slice(2, equals === -1 ? undefined : equals);
    const flag = byName.get(name) ?? unknownFlag(name, flags);
    const given = values.get(name) ?? [];
    if (values.has(name) && flag.multiple !== true) throw new UsageError(`--${name} is given twice.`);
    values.set(name, given);
    order.push(name);
    if (equals !== -1) {
      if (flag.value === undefined) throw new UsageError(`--${name} takes no value.`);
      given.push(arg.slice(equals + 1));
      continue;
    }
    if (flag.value === undefined) continue;
    const next = args[index + 1];
    if (flag.optional === true && (next === undefined || next.startsWith('-'))) continue;
    if (next === undefined) throw new UsageError(`--${name} needs its value, ${flag.value}.`);
    given.push(next);
    index++;
  }
  return new Arguments(values, positionals, order);
}

/** @throws UsageError when the text is no whole number within the bounds */
export function wholeNumber(what: string, text: string, least: number, most: number = Number.MAX_SAFE_INTEGER): number {
  const value = Number(text);
  if (/^[+-]?\d+$/.test(text) && value >= least && value <= most) return value;
  const bounds = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  throw new UsageError(`${what} ${text} is no whole number ${bounds}.`);
}

/** How a flag is called, for the help. */
export function flagUsage({ name, short, value, optional }: Flag): string {
  const names = short === undefined ? `--${name}` : `--${name}, -${short}`;
  if (value === undefined) return names;
  return optional === true ? `${names} [${value}]` : `${names} ${value}`;
}

function unknownFlag(name: string, flags: readonly Flag[]): never {
  const near = flags.find((flag) => flag.name.startsWith(name) || name.startsWith(flag.name));
  const hint = near === undefined ? '--help lists those there are' : `is --${near.name} meant?`;
  throw new UsageError(`there is no option --${name}; ${hint.endsWith('?') ? hint : `${hint}.`}`);
}
