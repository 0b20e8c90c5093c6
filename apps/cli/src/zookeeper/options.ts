import { resolve } from 'node:path';
import { type Flag, UsageError } from '../command.ts';
import { firstPort } from '../first-port.ts';
import { type Arguments, parseFlags } from '../flags.ts';
import { readPairs } from '../pairs.ts';

/** What `zookeeper` was asked for. */
export interface ZooKeeperOptions {
  /** `zoo.cfg`; undefined with `--servers`. */
  readonly file: string | undefined;
  readonly properties: ReadonlyMap<string, string>;
  readonly servers: number;
  readonly port: number | undefined;
  readonly data: string | undefined;
  readonly processes: boolean;
  readonly json: boolean;
}

const SERVERS_MAX = 255;

/** Options of `zookeeper`. */
export const FLAGS: readonly Flag[] = [
  { name: 'servers', value: 'N', summary: 'so many servers that are one ensemble, in place of a zoo.cfg' },
  { name: 'port', value: 'P', summary: 'with --servers: clients connect from this port on; free ports by default' },
  {
    name: 'data',
    value: 'DIR',
    summary: 'with --servers: where data lies and stays; by default it goes with the servers',
  },
  { name: 'processes', summary: 'with --servers: a process for each; by default all are in this one' },
  { name: 'json', summary: 'a line of JSON when all serve, and for each server that stops by itself' },
];

/** @throws UsageError when the arguments make no sense */
export function readOptions(args: readonly string[]): ZooKeeperOptions {
  const { given, defined } = parse(args);
  const { positionals } = given;
  const [file, ...more] = positionals;
  for (const arg of positionals) {
    if (arg.startsWith('-')) throw new UsageError(`there is no option ${arg}; --help lists those there are.`);
  }
  if (more.length > 0) throw new UsageError(`"${more[0]}" is one file too many.`);
  if ((file === undefined) === !given.has('servers')) {
    throw new UsageError('name either a zoo.cfg or --servers N.');
  }
  for (const name of ['port', 'data', 'processes'] as const) {
    if (file !== undefined && given.has(name)) throw new UsageError(`--${name} goes with --servers.`);
  }
  const properties = readPairs('-D', defined);
  if (file === undefined && properties.size > 0) throw new UsageError('-D goes with a zoo.cfg.');
  const data = given.value('data');
  const servers = given.whole('servers', 1, SERVERS_MAX) ?? 1;
  return {
    file: file === undefined ? undefined : resolve(file),
    properties,
    servers,
    port: firstPort(given, 'port', servers),
    data: data === undefined ? undefined : resolve(data),
    processes: given.has('processes'),
    json: given.has('json'),
  };
}

/** `-Dname=value` is Java's way to give a system property. */
function parse(args: readonly string[]): { readonly given: Arguments; readonly defined: readonly string[] } {
  const defined: string[] = [];
  const others: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] as string;
    if (arg === '-D') defined.push(args[++index] ?? '');
    else if (arg.startsWith('-D')) defined.push(arg.slice(2));
    else others.push(arg);
  }
  return { given: parseFlags(others, FLAGS), defined };
}
