import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';
import { freePorts, LOOPBACK } from '../apache/ports.ts';
import { formatProperties } from '../apache/properties.ts';
import { ServerProcess } from '../apache/server-process.ts';
import { until } from '../mixed-cluster/until.ts';
import { residentMiB } from '../side-by-side/process-usage.ts';
import type { Make } from '../zookeeper-ensembles/member.ts';

/** Servers of one make: one that stands alone, or an ensemble. */
export interface ServersPlan {
  /** Holds configuration, output and data. */
  readonly root: string;
  readonly make: Make;
  readonly count: number;
  /** Apache ZooKeeper's jars. */
  readonly jars: readonly string[];
  /** File that runs `biquorum`. */
  readonly main: string;
}

const READY_TIMEOUT_MS = 120_000;
/** What Apache's start script gives a server. */
const JVM = ['-Xmx1000m'];
const SETTINGS = {
  tickTime: 2000,
  initLimit: 10,
  syncLimit: 5,
  maxClientCnxns: 0,
  'admin.enableServer': false,
  '4lw.commands.whitelist': '*',
};

/** Servers that run, each in a process of its own. */
export class RunningServers implements AsyncDisposable {
  readonly #processes: readonly ServerProcess[];
  /** Where clients connect, one place for each server. */
  readonly ports: readonly number[];
  /** From the start of the processes until all of them serve clients. */
  readonly startMs: number;

  private constructor(processes: readonly ServerProcess[], ports: readonly number[], startMs: number) {
    this.#processes = processes;
    this.ports = ports;
    this.startMs = startMs;
  }

  /** Starts them on empty directories, and waits until all of them serve. */
  static async start({ root, make, count, jars, main }: ServersPlan): Promise<RunningServers> {
    const free = await freePorts(3 * count);
    const ports = free.slice(0, count);
    const ids = Array.from({ length: count }, (_, at) => at + 1);
    const ensemble = ids.map((id) => [
      `server.${id}`,
      `${LOOPBACK}:${free[count + id - 1]}:${free[2 * count + id - 1]}`,
    ]);
    const configs = ids.map((id) => {
      const directory = join(root, `server-${id}`);
      mkdirSync(join(directory, 'data'), { recursive: true });
      const own = { dataDir: join(directory, 'data'), clientPort: ports[id - 1] ?? 0, clientPortAddress: LOOPBACK };
      const properties = { ...SETTINGS, ...own, ...(count === 1 ? {} : Object.fromEntries(ensemble)) };
      writeFileSync(join(directory, 'data', 'myid'), String(id));
      writeFileSync(join(directory, 'zoo.cfg'), formatProperties(properties));
      writeFileSync(join(directory, 'log4j.properties'), LOGGING);
      return directory;
    });
    const startedMs = performance.now();
    const processes = await Promise.all(configs.map((directory) => startOne(directory, make, jars, main)));
    try {
      await until(`${count} servers of ${make} serve`, async () => {
        const answers = await Promise.all(ports.map((port) => ask(port, 'isro')));
        return answers.every((answer) => answer === 'rw') || undefined;
      });
    } catch (error) {
      await Promise.all(processes.map((one) => one.kill()));
      throw error;
    }
    return new RunningServers(processes, ports, performance.now() - startedMs);
  }

  /** Memory of all of them that is in RAM. */
  residentMiB(): Promise<number> {
    return residentMiB(this.#processes.flatMap(({ pid }) => (pid === undefined ? [] : [pid])));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#processes.map((one) => one.kill()));
  }
}

function startOne(directory: string, make: Make, jars: readonly string[], main: string): Promise<ServerProcess> {
  const common = { cwd: directory, logFile: join(directory, 'server.log'), readyTimeoutMs: READY_TIMEOUT_MS };
  const config = join(directory, 'zoo.cfg');
  if (make === 'ours') {
    const args = [main, 'zookeeper', config];
    return ServerProcess.start({ ...common, command: process.execPath, args, readyLine: /^Ready in/ });
  }
  const logging = `-Dlog4j.configuration=file:${join(directory, 'log4j.properties')}`;
  const entry = 'org.apache.zookeeper.server.quorum.QuorumPeerMain';
  const args = [...JVM, logging, '-cp', jars.join(delimiter), entry, config];
  return ServerProcess.start({
    ...common,
    command: 'java',
    args,
    readyLine: /LOOKING|PrepRequestProcessor .* started/,
  });
}

/** What a four-letter word is answered; empty when nobody answers. */
function ask(port: number, word: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, LOOPBACK, () => socket.write(word));
    let said = '';
    socket.setTimeout(READY_TIMEOUT_MS, () => socket.destroy());
    socket.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(said));
  });
}

const LOGGING = formatProperties({
  'log4j.rootLogger': 'INFO, console',
  'log4j.appender.console': 'org.apache.log4j.ConsoleAppender',
  'log4j.appender.console.layout': 'org.apache.log4j.PatternLayout',
  'log4j.appender.console.layout.ConversionPattern': '[%d] %p %m (%c)%n',
});
