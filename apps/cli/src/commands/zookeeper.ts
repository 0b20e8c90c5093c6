import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { createNodePorts, makeTemporaryDirectory, stderrTelemetry } from '@biquorum/platform/node';
import { startZooKeeper, type ZooKeeperNode } from '@biquorum/zookeeper';
import { type Command, type ExitCode, type Output, UsageError } from '../command.ts';
import { untilAsked } from '../until-asked.ts';
import { hostFacts } from '../zookeeper/host-facts.ts';
import { readConfig } from '../zookeeper/read-config.ts';
import { startProcess, untilServing, writeConfigs } from '../zookeeper/several.ts';

/** What `zookeeper` was asked for. */
interface ZooKeeperOptions {
  /** `zoo.cfg`; undefined with `--servers`. */
  readonly file: string | undefined;
  readonly properties: ReadonlyMap<string, string>;
  readonly servers: number;
  readonly port: number | undefined;
  readonly data: string | undefined;
  readonly processes: boolean;
  readonly json: boolean;
}

/** A server as the ready line tells of it. */
interface Running {
  readonly connect: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Runs ZooKeeper servers until they are told to stop. */
export const zookeeper: Command = {
  name: 'zookeeper',
  synopsis: '<zoo.cfg> [-Dname=value]… [--json] | --servers N [--port P] [--data DIR] [--processes] [--json]',
  summary:
    'run a ZooKeeper server by its zoo.cfg, or N servers that are one ensemble, until SIGINT or SIGTERM; clients connect at 127.0.0.1 from port P on (default: free ports); without --data their data goes with them',
  async run(args, output): Promise<ExitCode> {
    const options = read(args);
    // Requests die young, and few at a time: a nursery that grows with the machine's memory is only kept, never needed.
    setFlagsFromString('--semi-space-growth-factor=1');
    const startedMs = performance.now();
    const directory = options.file === undefined && options.data === undefined;
    const data = directory ? await makeTemporaryDirectory('biquorum-zookeeper-') : (options.data ?? '');
    const running: Running[] = [];
    const failing = Promise.withResolvers<string>();
    try {
      await start(options, data, running, failing.resolve);
      ready(running, Math.round(performance.now() - startedMs), options, output);
      const failure = await Promise.race([untilAsked(), failing.promise]);
      if (typeof failure === 'string') {
        output.complain(`A ZooKeeper server has stopped: ${failure}`);
        return 1;
      }
    } finally {
      await Promise.all(running.map((server) => server.stop()));
      if (directory) rmSync(data, { recursive: true, force: true });
    }
    return 0;
  },
};

async function start(
  options: ZooKeeperOptions,
  data: string,
  running: Running[],
  failed: (why: string) => void,
): Promise<void> {
  const { file, properties, servers, port, processes } = options;
  if (file !== undefined) {
    running.push(await startHere(file, properties, failed));
    return;
  }
  const members = await writeConfigs({ servers, port, directory: data });
  const program = [...process.execArgv, process.argv[1] ?? ''];
  const started = await Promise.allSettled(
    members.map((member) => (processes ? startProcess(program, member) : startHere(member.file, properties, failed))),
  );
  running.push(...started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])));
  for (const one of started) if (one.status === 'rejected') throw one.reason;
  await Promise.all(running.map(({ connect }) => untilServing(connect)));
}

/** @param failed told why, when the server has stopped for good */
async function startHere(
  file: string,
  properties: ReadonlyMap<string, string>,
  failed: (why: string) => void,
): Promise<Running> {
  const settings = readConfig(file, properties);
  const ports = createNodePorts({ telemetry: stderrTelemetry({ level: 'warn' }) });
  let node: ZooKeeperNode;
  try {
    node = await startZooKeeper({
      settings,
      ports,
      host: hostFacts,
      onFailure: (error) => failed(error instanceof Error ? error.message : String(error)),
    });
  } catch (error) {
    await ports.close();
    throw error;
  }
  const host = settings.clientHost === '0.0.0.0' || settings.clientHost === '::' ? '127.0.0.1' : settings.clientHost;
  return {
    connect: node.clientPort === null ? '' : `${host}:${node.clientPort}`,
    pid: process.pid,
    async stop() {
      await node.stop();
      await ports.close();
    },
  };
}

function ready(running: readonly Running[], millis: number, { json }: ZooKeeperOptions, output: Output): void {
  const connect = running.map((server) => server.connect).join(',');
  const nodes = running.map((server) => ({ role: 'zookeeper', address: server.connect, pid: server.pid }));
  if (json) output.print(JSON.stringify({ event: 'ready', connect, millis, nodes }));
  else {
    const count = `${running.length} ZooKeeper server${running.length === 1 ? '' : 's'}`;
    output.print(`Ready in ${millis} ms: ${count}, connect ${connect}`);
    output.print('Ctrl-C stops it.');
  }
}

function read(args: readonly string[]): ZooKeeperOptions {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
  const { values, positionals } = parsed;
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
    servers: values.servers === undefined ? 1 : whole('--servers', values.servers, 1, 255),
    port: values.port === undefined ? undefined : whole('--port', values.port, 1, 65_535),
    data: values.data === undefined ? undefined : resolve(values.data),
    processes: values.processes ?? false,
    json: values.json ?? false,
  };
}

function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      define: { type: 'string', short: 'D', multiple: true },
      servers: { type: 'string' },
      port: { type: 'string' },
      data: { type: 'string' },
      processes: { type: 'boolean' },
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
