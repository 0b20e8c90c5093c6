import { dirname, resolve } from 'node:path';
import { type Cluster, type ClusterMode, type ClusterOptions, NodeStartError, startCluster } from '@biquorum/cluster';
import { stderrTelemetry } from '@biquorum/platform/node';
import type { BothRun } from '../both.ts';
import { explainBusyPort } from '../busy-port.ts';
import { calledAs } from '../called-as.ts';
import { type Command, type ExitCode, type Flag, type Output, UsageError } from '../command.ts';
import { firstPort } from '../first-port.ts';
import { type Arguments, parseFlags } from '../flags.ts';
import { outputFile, writeOutputFile } from '../output-file.ts';
import { readPairs } from '../pairs.ts';
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
  ['no-detect-resets', 'brokers wait equally long for the dead in both modes, and for nothing else'],
] as const;

const FLAGS: readonly Flag[] = [
  {
    name: 'mode',
    value: 'MODE',
    summary: 'kraft, the default; zookeeper; or both: a cluster in each, a load on both, and a page',
  },
  { name: 'brokers', value: 'N', summary: 'how many brokers; 1 by default, with --mode both 3 in each' },
  {
    name: 'controllers',
    value: 'N',
    summary: 'how many controllers a KRaft quorum has; 1 by default, with --mode both 3',
  },
  { name: 'zookeepers', value: 'N', summary: 'how many servers the ensemble has that ZooKeeper mode starts' },
  {
    name: 'zookeeper-connect',
    value: 'HOST:PORT,…/PATH',
    summary: 'an ensemble that runs already, with --mode zookeeper',
  },
  { name: 'processes', summary: 'a process for each node; by default all are in this one' },
  {
    name: 'state',
    value: 'FILE',
    summary: 'with --processes: write down here, as JSON, what runs and how it is started again',
  },
  { name: 'port', value: 'P', summary: 'brokers listen on 127.0.0.1 from this port on; free ports by default' },
  { name: 'zookeeper-port', value: 'P', summary: 'the same with --mode both, for the brokers in ZooKeeper mode' },
  { name: 'kraft-port', value: 'P', summary: 'the same with --mode both, for the brokers in KRaft mode' },
  { name: 'page-port', value: 'P', summary: 'where the page of --mode both is; a free port by default' },
  {
    name: 'data',
    value: 'DIR',
    summary: 'where data lies and stays; by default in a temporary place that goes with the cluster',
  },
  {
    name: 'set',
    value: 'KEY=VALUE',
    multiple: true,
    summary: 'a setting of brokers, by Kafka’s own name; may come several times',
  },
  {
    name: 'no-detect-resets',
    summary: 'nodes that died are noticed by Kafka’s timeouts alone, not by their connections',
  },
  { name: 'json', summary: 'one line of JSON when all is ready' },
];

/** Runs a cluster until it is told to stop. */
export const up: Command = {
  name: 'up',
  synopsis:
    '[--mode kraft|zookeeper|both] [--zookeeper-connect HOST:PORT,…/PATH | --zookeepers N] [--brokers N] [--controllers N] [--processes [--state FILE]] [--port P | --zookeeper-port P --kraft-port P --page-port P] [--data DIR] [--set key=value]… [--no-detect-resets] [--json]',
  summary:
    'run a cluster until SIGINT or SIGTERM, in one process or one for each node; brokers listen on 127.0.0.1 from port P on (default: free ports); in KRaft mode a node that died is replaced at once, with --no-detect-resets after the timeouts of Kafka; in ZooKeeper mode after its session, and without an ensemble it starts its own; --mode both runs a cluster in each mode with a load on both, and a page that shows them: its brokers wait equally long for the dead in both',
  flags: FLAGS,
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
    throw explainBusyPort(error, [{ flag: '--port', from: options.port, count: options.brokers ?? 1 }]);
  }
}

function ready(cluster: Cluster, millis: number, options: UpOptions, output: Output): void {
  const { bootstrap, mode } = cluster;
  const pids = new Map(cluster.processes.map(({ id, pid }) => [id, pid]));
  const nodes = cluster.nodes.map(({ role, id, address }) => ({ role, id, address, pid: pids.get(id) ?? process.pid }));
  if (options.state !== undefined) {
    const state = stateOf(cluster, dirname(options.state));
    writeOutputFile('state', options.state, `${JSON.stringify(state, null, 2)}\n`);
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

/** What `up --mode both` with these options starts. @throws UsageError when they make no sense */
export function readBothOptions(args: readonly string[]): BothRun {
  const options = read(['--mode', 'both', ...args]);
  if (options.mode === 'both') return options;
  throw new UsageError(`--mode ${options.mode}: both modes are started here; "biquorum up" starts one.`);
}

function read(args: readonly string[]): UpOptions | BothOptions {
  const given = parseFlags(args, FLAGS);
  const [extra] = given.positionals;
  if (extra !== undefined) throw new UsageError(`"${extra}" is no option.`);
  const properties = Object.fromEntries(readPairs('--set', given.values('set')));
  const mode = given.value('mode') ?? 'kraft';
  if (mode === 'both') return readBoth(given, properties);
  if (mode !== 'kraft' && mode !== 'zookeeper') {
    throw new UsageError(`--mode ${mode} is no mode; there are kraft, zookeeper and both.`);
  }
  for (const name of OF_BOTH) {
    if (given.has(name)) throw new UsageError(`--${name} goes with --mode both.`);
  }
  for (const name of ['zookeeper-connect', 'zookeepers']) {
    if (mode !== 'zookeeper' && given.has(name)) throw new UsageError(`--${name} goes with --mode zookeeper.`);
  }
  if (given.has('zookeeper-connect') && given.has('zookeepers')) {
    throw new UsageError(
      '--zookeepers goes without --zookeeper-connect: it is about an ensemble of the cluster’s own.',
    );
  }
  if (mode === 'zookeeper' && given.has('controllers')) {
    throw new UsageError('--controllers goes with --mode kraft: in ZooKeeper mode a broker is the controller.');
  }
  if (given.has('state') && !given.has('processes')) throw new UsageError('--state goes with --processes.');
  const state = given.value('state');
  const brokers = given.whole('brokers', 1, 100) ?? 1;
  return {
    mode,
    zookeeperConnect: given.value('zookeeper-connect'),
    zookeepers: given.whole('zookeepers', 1, 9),
    processes: given.has('processes'),
    controllers: given.whole('controllers', 1, 100),
    state: state === undefined ? undefined : outputFile('state', state),
    brokers,
    port: firstPort(given, 'port', brokers),
    data: pathOf(given.value('data')),
    properties,
    detectResets: !given.has('no-detect-resets'),
    json: given.has('json'),
  };
}

function readBoth(given: Arguments, properties: Record<string, string>): BothOptions {
  for (const [name, remedy] of NOT_OF_BOTH) {
    if (given.has(name)) throw new UsageError(`--${name} goes without --mode both: ${remedy}.`);
  }
  const brokers = given.whole('brokers', 1, 100) ?? 3;
  const servers = given.whole('zookeepers', 1, 9);
  const controllers = given.whole('controllers', 1, 100);
  const dataDirectory = pathOf(given.value('data'));
  const zookeeper = firstPort(given, 'zookeeper-port', brokers);
  const kraft = firstPort(given, 'kraft-port', brokers);
  const pagePort = firstPort(given, 'page-port', 1);
  const overlap = zookeeper !== undefined && kraft !== undefined && Math.abs(zookeeper - kraft) < brokers;
  if (overlap) {
    throw new UsageError(
      `--zookeeper-port ${zookeeper} and --kraft-port ${kraft} are closer than ${brokers} brokers; leave more room.`,
    );
  }
  return {
    mode: 'both',
    brokers,
    ...(servers === undefined ? {} : { servers }),
    ...(controllers === undefined ? {} : { controllers }),
    ports: { ...(zookeeper === undefined ? {} : { zookeeper }), ...(kraft === undefined ? {} : { kraft }) },
    ...(pagePort === undefined ? {} : { pagePort }),
    ...(dataDirectory === undefined ? {} : { dataDirectory }),
    properties,
    json: given.has('json'),
    tool: calledAs(),
    tellsRates: false,
  };
}

function pathOf(value: string | undefined): string | undefined {
  return value === undefined ? undefined : resolve(value);
}
