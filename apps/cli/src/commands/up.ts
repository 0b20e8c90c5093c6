import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Cluster, startCluster } from '@biquorum/cluster';
import { stderrTelemetry } from '@biquorum/platform/node';
import { type Command, type ExitCode, type Output, UsageError } from '../command.ts';
import { untilAsked } from '../until-asked.ts';

/** What `up` was asked for. */
interface UpOptions {
  readonly brokers: number;
  readonly port: number | undefined;
  readonly data: string | undefined;
  readonly properties: Record<string, string>;
  readonly json: boolean;
}

/** Runs a cluster until it is told to stop. */
export const up: Command = {
  name: 'up',
  synopsis: '[--brokers N] [--port P] [--data DIR] [--set key=value]… [--json]',
  summary:
    'run a cluster of brokers until SIGINT or SIGTERM; brokers listen on 127.0.0.1 from port P on (default: free ports)',
  async run(args, output): Promise<ExitCode> {
    const options = read(args);
    const startedMs = performance.now();
    const cluster = await startCluster({
      brokers: options.brokers,
      properties: options.properties,
      telemetry: stderrTelemetry({ level: 'warn' }),
      ...(options.port === undefined ? {} : { port: options.port }),
      ...(options.data === undefined ? {} : { dataDirectory: options.data }),
    });
    try {
      ready(cluster, Math.round(performance.now() - startedMs), options, output);
      await untilAsked();
    } finally {
      await cluster.stop();
    }
    return 0;
  },
};

function ready(cluster: Cluster, millis: number, options: UpOptions, output: Output): void {
  const nodes = cluster.nodes.map(({ role, id, address }) => ({ role, id, address, pid: process.pid }));
  const { bootstrap } = cluster;
  if (options.json) {
    output.print(JSON.stringify({ event: 'ready', mode: 'reference', bootstrap, millis, nodes }));
    return;
  }
  output.print(
    `Ready in ${millis} ms: ${nodes.length} ${nodes.length === 1 ? 'broker' : 'brokers'}, bootstrap ${bootstrap}`,
  );
  output.print('Governed by the in-memory reference plane (no consensus yet). Ctrl-C stops it.');
}

function read(args: readonly string[]): UpOptions {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
  const { values, positionals } = parsed;
  if (positionals.length > 0) throw new UsageError(`"${positionals[0]}" is no option.`);
  const properties: Record<string, string> = {};
  for (const pair of values.set ?? []) {
    const at = pair.indexOf('=');
    if (at <= 0) throw new UsageError(`--set ${pair} is no key=value.`);
    properties[pair.slice(0, at)] = pair.slice(at + 1);
  }
  return {
    brokers: values.brokers === undefined ? 1 : whole('--brokers', values.brokers, 1, 100),
    port: values.port === undefined ? undefined : whole('--port', values.port, 1, 65_535),
    data: values.data === undefined ? undefined : resolve(values.data),
    properties,
    json: values.json ?? false,
  };
}

function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      brokers: { type: 'string' },
      port: { type: 'string' },
      data: { type: 'string' },
      set: { type: 'string', multiple: true },
      json: { type: 'boolean' },
    },
  });
}

function whole(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) {
    throw new UsageError(`${name} ${text} is no whole number from ${least} to ${most}.`);
  }
  return value;
}
