import { rmSync } from 'node:fs';
import { makeTemporaryDirectory } from '@biquorum/platform/node';
import { explainBusyPort } from '../busy-port.ts';
import { type Command, CommandFault, type ExitCode, type Output } from '../command.ts';
import { untilAsked } from '../until-asked.ts';
import { boundNursery } from '../zookeeper/nursery.ts';
import { FLAGS, readOptions, type ZooKeeperOptions } from '../zookeeper/options.ts';
import { type RunningServer, startHere } from '../zookeeper/running-server.ts';
import { startProcess, untilServing, writeConfigs } from '../zookeeper/several.ts';

/** Runs ZooKeeper servers until they are told to stop. */
export const zookeeper: Command = {
  name: 'zookeeper',
  synopsis: '<zoo.cfg> [-Dname=value]… [--json] | --servers N [--port P] [--data DIR] [--processes] [--json]',
  summary:
    'run a ZooKeeper server by its zoo.cfg, or N servers that are one ensemble, until SIGINT or SIGTERM; clients connect at 127.0.0.1 from port P on (default: free ports); without --data their data goes with them. A server that stops by itself is told of, the others go on; when none is left, or at the end, the exit code is 1 then',
  flags: FLAGS,
  examples: ['biquorum zookeeper --servers 3 --port 2181', 'biquorum zookeeper zoo.cfg -Dzookeeper.snapCount=10000'],
  async run(args, output): Promise<ExitCode> {
    const options = readOptions(args);
    boundNursery();
    const startedMs = performance.now();
    // A signal that comes before everything runs must find somebody who clears up.
    const asked = untilAsked();
    const directory = options.file === undefined && options.data === undefined;
    const data = directory ? await makeTemporaryDirectory('biquorum-zookeeper-') : (options.data ?? '');
    const running: RunningServer[] = [];
    try {
      await start(options, data, running);
      if (!(await serve(running, asked))) return 0;
      ready(running, Math.round(performance.now() - startedMs), options, output);
      const stopped = await untilEnd(running, asked, (server, reason) => tell(server, reason, options, output));
      return stopped === 0 ? 0 : 1;
    } finally {
      await Promise.all(running.map((server) => server.stop()));
      if (directory) rmSync(data, { recursive: true, force: true });
    }
  },
};

async function start(options: ZooKeeperOptions, data: string, running: RunningServer[]): Promise<void> {
  const { file, properties, servers, port, processes } = options;
  if (file !== undefined) {
    running.push(await startHere(file, properties));
    return;
  }
  const members = await writeConfigs({ servers, port, directory: data });
  const program = [...process.execArgv, process.argv[1] ?? ''];
  const started = await Promise.allSettled(
    members.map((member) => (processes ? startProcess(program, member) : startHere(member.file, properties))),
  );
  running.push(...started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])));
  for (const one of started) {
    if (one.status === 'rejected') throw explainBusyPort(one.reason, [{ flag: '--port', from: port, count: servers }]);
  }
}

/**
 * Waits until all of several serve; one by itself is ready when it is there, whoever is missing from its ensemble.
 *
 * @returns False when the process was asked to stop meanwhile.
 * @throws CommandFault when one of them stops
 */
async function serve(running: readonly RunningServer[], asked: Promise<void>): Promise<boolean> {
  if (running.length === 1) return true;
  const givingUp = new AbortController();
  try {
    return await Promise.race([
      Promise.all(running.map(({ connect }) => untilServing(connect, givingUp.signal))).then(() => true),
      asked.then(() => false),
      ...running.map(async ({ connect, failed }): Promise<never> => {
        throw new CommandFault(`the server at ${connect} has stopped before all served: ${await failed}`);
      }),
    ]);
  } finally {
    givingUp.abort();
  }
}

/** Resolves when the process is asked to stop, or nothing is left of it. @returns How many servers stopped before. */
async function untilEnd(
  running: readonly RunningServer[],
  asked: Promise<void>,
  onStopped: (server: RunningServer, reason: string) => void,
): Promise<number> {
  let stopped = 0;
  let isAsked = false;
  const allStopped = Promise.all(
    running.map(async (server) => {
      const reason = await server.failed;
      // Ctrl-C reaches processes of servers, too.
      if (isAsked) return;
      stopped += 1;
      onStopped(server, reason);
    }),
  );
  await Promise.race([allStopped, asked]);
  isAsked = true;
  return stopped;
}

function tell({ connect, pid }: RunningServer, reason: string, { json }: ZooKeeperOptions, output: Output): void {
  if (json) output.print(JSON.stringify({ event: 'stopped', role: 'zookeeper', address: connect, pid, reason }));
  else output.complain(`The ZooKeeper server at ${connect} has stopped: ${reason}`);
}

function ready(running: readonly RunningServer[], millis: number, { json }: ZooKeeperOptions, output: Output): void {
  const connect = running.map((server) => server.connect).join(',');
  const nodes = running.map((server) => ({ role: 'zookeeper', address: server.connect, pid: server.pid }));
  if (json) output.print(JSON.stringify({ event: 'ready', connect, millis, nodes }));
  else {
    const count = `${running.length} ZooKeeper server${running.length === 1 ? '' : 's'}`;
    output.print(`Ready in ${millis} ms: ${count}, connect ${connect}`);
    output.print('Ctrl-C stops it.');
  }
}
