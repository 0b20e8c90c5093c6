import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { UsageError } from '../command.ts';
import { wholeNumber } from '../flags.ts';

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
const PORT_MAX = 65_535;

/** @throws UsageError when the arguments make no sense */
export function readOptions(args: readonly string[]): ZooKeeperOptions {
  const { values, positionals } = parse(args);
  const [file, ...more] = positionals;
  if (more.length > 0) throw new UsageError(`"${more[0]}" is one file too many.`);
  if ((file === undefined) === (values.servers === undefined)) {
    throw new UsageError('name either a zoo.cfg or --servers N.');
  }
  for (const name of ['port', 'data', 'processes'] as const) {
    if (file !== undefined && values[name] !== undefined) throw new UsageError(`--${name} goes with --servers.`);
  }
  const properties = new Map<string, string>();
  for (const pair of values.define ?? []) {
    const at = pair.indexOf('=');
    if (at <= 0) throw new UsageError(`-D${pair} is no name=value.`);
    properties.set(pair.slice(0, at), pair.slice(at + 1));
  }
  if (file === undefined && properties.size > 0) throw new UsageError('-D goes with a zoo.cfg.');
  return {
    file: file === undefined ? undefined : resolve(file),
    properties,
    servers: values.servers === undefined ? 1 : wholeNumber('--servers', values.servers, 1, SERVERS_MAX),
    port: values.port === undefined ? undefined : wholeNumber('--port', values.port, 1, PORT_MAX),
    data: values.data === undefined ? undefined : resolve(values.data),
    processes: values.processes ?? false,
    json: values.json ?? false,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** `-Dname=value` is Java's way to give a system property. */
const OPTIONS = {
  define: { type: 'string', short: 'D', multiple: true },
  servers: { type: 'string' },
  port: { type: 'string' },
  data: { type: 'string' },
  processes: { type: 'boolean' },
  json: { type: 'boolean' },
} as const;
