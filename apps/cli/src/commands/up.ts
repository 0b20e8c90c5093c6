import { writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Cluster, type ClusterMode, type ClusterOptions, NodeStartError, startCluster } from '@biquorum/cluster';
import { stderrTelemetry } from '@biquorum/platform/node';
import type { BothRun } from '../both.ts';
import { type Command, type ExitCode, type Output, UsageError } from '../command.ts';
import { stateOf } from '../state-file.ts';
import { untilAsked } from '../until-asked.ts';

/** What `up` was asked for. */
interface UpOptions {
  readonly mode: ClusterMode;
  readonly controllers: number | undefined;
  readonly zookeeperConnect: string | undefined;
  /** Servers of the ensemble that the cluster starts for itself. */
  readonly zookeepers: number | undefined;
  readonly processes: boolean;
  /** Where the state of a cluster of processes is written. */
  readonly state: string | undefined;
  readonly brokers: number;
  readonly port: number | undefined;
  readonly data: string | undefined;
  readonly properties: Record<string, string>;
  /** A peer's reset that a refused reconnect confirms is its end. */
  readonly detectResets: boolean;
  readonly json: boolean;
}

/** What `up --mode both` was asked for. */
type BothOptions = BothRun & { readonly mode: 'both' };

const OF_BOTH = ['zookeeper-port', 'kraft-port', 'page-port'] as const;
const NOT_OF_BOTH = [
  ['port', 'give --zookeeper-port and --kraft-port'],
  ['zookeeper-connect', 'it starts an ensemble of its own'],
  ['processes', 'all its nodes are in one process'],
  ['state', 'it belongs to --processes'],
  ['detect-resets', 'brokers wait equally long for the dead in both modes, and for nothing else'],
] as const;

/** Runs a cluster until it is told to stop. */
export const up: Command = {
  name: 'up',
  synopsis:
    '[--mode kraft|zookeeper|both] [--zookeeper-connect HOST:PORT,…/PATH | --zookeepers N] [--brokers N] [--controllers N] [--processes [--state FILE]] [--port P | --zookeeper-port P --kraft-port P --page-port P] [--data DIR] [--set key=value]… [--no-detect-resets] [--json]',
  summary:
    'run a cluster until SIGINT or SIGTERM, in one process or one for each node; brokers listen on 127.0.0.1 from port P on (default: free ports); in KRaft mode a node that died is replaced at once, with --no-detect-resets after the timeouts of Kafka; in ZooKeeper mode after its session, and without an ensemble it starts its own; --mode both runs a cluster in each mode with a load on both, and a page that shows them: its brokers wait equally long for the dead in both',
  examples: [
    'biquorum up --mode zookeeper --brokers 3 --port 9092 --set num.partitions=3',
    'biquorum up --mode both --json',
  ],
  async run(args, output): Promise<ExitCode> {
    const options = read(args);
    // What it takes is loaded only where it is wanted.
    if (options.mode === 'both') return (await import('../both.ts')).runBoth(options, output);
    const startedMs = performance.now();
    // A signal that comes before everything runs must find somebody who clears up.
    const asked = untilAsked();
    const cluster = await startUnless(asked, {
      mode: options.mode,
      brokers: options.brokers,
      processes: options.processes,
      properties: options.properties,
      detectResets: options.detectResets,
      telemetry: stderrTelemetry({ level: 'warn' }),
      ...(options.zookeeperConnect === undefined ? {} : { zookeeperConnect: options.zookeeperConnect }),
      ...(options.zookeepers === undefined ? {} : { zookeepers: options.zookeepers }),
      ...(options.controllers === undefined ? {} : { controllers: options.controllers }),
      ...(options.port === undefined ? {} : { port: options.port }),
      ...(options.data === undefined ? {} : { dataDirectory: options.data }),
    });
    if (cluster === undefined) return 0;
    try {
      ready(cluster, Math.round(performance.now() - startedMs), options, output);
      await asked;
    } finally {
      await cluster.stop();
    }
    return 0;
  },
};

/** Undefined when the process was asked to stop before everything ran. */
async function startUnless(interrupted: Promise<void>, options: ClusterOptions): Promise<Cluster | undefined> {
  try {
    return await startCluster({ ...options, interrupted });
  } catch (error) {
    if (error instanceof NodeStartError && error.code === 'interrupted') return undefined;
    throw error;
  }
}

function ready(cluster: Cluster, millis: number, options: UpOptions, output: Output): void {
  const { bootstrap, mode } = cluster;
  const pids = new Map(cluster.processes.map(({ id, pid }) => [id, pid]));
  const nodes = cluster.nodes.map(({ role, id, address }) => ({ role, id, address, pid: pids.get(id) ?? process.pid }));
  if (options.state !== undefined) {
    const state = stateOf(cluster, dirname(options.state));
    writeFileSync(options.state, `${JSON.stringify(state, null, 2)}\n`);
  }
  if (options.json) {
    const { zookeeperConnect } = cluster;
    const ensemble = zookeeperConnect === undefined ? {} : { zookeeperConnect };
    output.print(JSON.stringify({ event: 'ready', mode, bootstrap, ...ensemble, millis, nodes }));
    return;
  }
  const count = (role: string): string => {
    const size = nodes.filter((node) => node.role === role).length;
    return `${size} ${role}${size === 1 ? '' : 's'}`;
  };
  output.print(`Ready in ${millis} ms: ${count('broker')}, bootstrap ${bootstrap}`);
  const governed =
    mode === 'zookeeper'
      ? `the broker that is elected in ZooKeeper, ${cluster.zookeeperConnect}`
      : `${count('controller')} (KRaft mode)`;
  output.print(`Governed by ${governed}. Ctrl-C stops it.`);
}

function read(args: readonly string[]): UpOptions | BothOptions {
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
  const mode = values.mode ?? 'kraft';
  if (mode === 'both') return readBoth(values, properties);
  if (mode !== 'kraft' && mode !== 'zookeeper') {
    throw new UsageError(`--mode ${mode} is no mode; there are kraft, zookeeper and both.`);
  }
  for (const name of OF_BOTH) {
    if (values[name] !== undefined) throw new UsageError(`--${name} goes with --mode both.`);
  }
  const zookeeperConnect = values['zookeeper-connect'];
  for (const name of ['zookeeper-connect', 'zookeepers'] as const) {
    if (mode !== 'zookeeper' && values[name] !== undefined) {
      throw new UsageError(`--${name} goes with --mode zookeeper.`);
    }
  }
  if (zookeeperConnect !== undefined && values.zookeepers !== undefined) {
    throw new UsageError(
      '--zookeepers goes without --zookeeper-connect: it is about an ensemble of the cluster’s own.',
    );
  }
  if (mode === 'zookeeper' && values.controllers !== undefined) {
    throw new UsageError('--controllers goes with --mode kraft: in ZooKeeper mode a broker is the controller.');
  }
  const processes = values.processes ?? false;
  if (values.state !== undefined && !processes) throw new UsageError('--state goes with --processes.');
  return {
    mode,
    zookeeperConnect,
    zookeepers: values.zookeepers === undefined ? undefined : whole('--zookeepers', values.zookeepers, 1, 9),
    processes,
    controllers: values.controllers === undefined ? undefined : whole('--controllers', values.controllers, 1, 100),
    state: values.state === undefined ? undefined : resolve(values.state),
    brokers: values.brokers === undefined ? 1 : whole('--brokers', values.brokers, 1, 100),
    port: values.port === undefined ? undefined : whole('--port', values.port, 1, 65_535),
    data: values.data === undefined ? undefined : resolve(values.data),
    properties,
    detectResets: values['detect-resets'] ?? true,
    json: values.json ?? false,
  };
}

function readBoth(values: Values, properties: Record<string, string>): BothOptions {
  for (const [name, remedy] of NOT_OF_BOTH) {
    if (values[name] !== undefined) throw new UsageError(`--${name} goes without --mode both: ${remedy}.`);
  }
  const port = (name: (typeof OF_BOTH)[number]): number | undefined =>
    values[name] === undefined ? undefined : whole(`--${name}`, values[name], 1, 65_535);
  const [zookeeper, kraft, pagePort] = OF_BOTH.map(port);
  const brokers = values.brokers === undefined ? 3 : whole('--brokers', values.brokers, 1, 100);
  const overlap = zookeeper !== undefined && kraft !== undefined && Math.abs(zookeeper - kraft) < brokers;
  if (overlap) {
    throw new UsageError(
      `--zookeeper-port ${zookeeper} and --kraft-port ${kraft} are closer than ${brokers} brokers; leave more room.`,
    );
  }
  return {
    mode: 'both',
    brokers,
    ...(values.zookeepers === undefined ? {} : { servers: whole('--zookeepers', values.zookeepers, 1, 9) }),
    ...(values.controllers === undefined ? {} : { controllers: whole('--controllers', values.controllers, 1, 100) }),
    ports: { ...(zookeeper === undefined ? {} : { zookeeper }), ...(kraft === undefined ? {} : { kraft }) },
    ...(pagePort === undefined ? {} : { pagePort }),
    ...(values.data === undefined ? {} : { dataDirectory: resolve(values.data) }),
    properties,
    json: values.json ?? false,
    tool: 'biquorum',
    tellsRates: false,
  };
}

type Values = ReturnType<typeof parse>['values'];

function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    allowNegative: true,
    options: {
      mode: { type: 'string' },
      'zookeeper-connect': { type: 'string' },
      zookeepers: { type: 'string' },
      brokers: { type: 'string' },
      controllers: { type: 'string' },
      processes: { type: 'boolean' },
      state: { type: 'string' },
      port: { type: 'string' },
      'zookeeper-port': { type: 'string' },
      'kraft-port': { type: 'string' },
      'page-port': { type: 'string' },
      data: { type: 'string' },
      set: { type: 'string', multiple: true },
      'detect-resets': { type: 'boolean' },
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
