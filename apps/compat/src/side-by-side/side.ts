import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePorts, LOOPBACK } from '../apache/ports.ts';
import { formatProperties } from '../apache/properties.ts';
import { ServerProcess } from '../apache/server-process.ts';
import type { ApacheKafka } from './apache-kafka.ts';
import { firstRecord } from './first-record.ts';

/** Who is measured. */
export type SideName = 'apache' | 'biquorum';

/** One of the two servers, which can be started any number of times. */
export interface Side {
  readonly name: SideName;
  /** Starts it on fresh data in an empty directory, and measures how long it takes to take its first record. */
  start(directory: string): Promise<RunningSide>;
}

/** A server, or a cluster of them. */
export interface RunningSide extends AsyncDisposable {
  readonly name: SideName;
  /** Addresses of its brokers, `host:port,host:port`. */
  readonly bootstrap: string;
  /** Its processes. */
  readonly pids: readonly number[];
  /** From the start of its processes until the first record was acknowledged by all in-sync replicas, in ms. */
  readonly firstRecordMs: number;
}

const READY_TIMEOUT_MS = 90_000;
/** Given to both: internal topics as a cluster of one needs them, and no waiting for members of a group. */
const SMALL_CLUSTER = { 'offsets.topic.replication.factor': 1, 'group.initial.rebalance.delay.ms': 0 } as const;

/** Apache Kafka: broker and controller combined in one process. Formatting its storage is not measured. */
export function apacheSide(apache: ApacheKafka): Side {
  return {
    name: 'apache',
    async start(directory) {
      const [client, controller] = await freePorts(2);
      const properties = join(directory, 'server.properties');
      mkdirSync(directory, { recursive: true });
      const settings = {
        'process.roles': 'broker,controller',
        'node.id': 1,
        'controller.quorum.voters': `1@${LOOPBACK}:${controller}`,
        listeners: `PLAINTEXT://${LOOPBACK}:${client},CONTROLLER://${LOOPBACK}:${controller}`,
        'advertised.listeners': `PLAINTEXT://${LOOPBACK}:${client}`,
        'controller.listener.names': 'CONTROLLER',
        'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
        'log.dirs': join(directory, 'data'),
        'transaction.state.log.replication.factor': 1,
        'transaction.state.log.min.isr': 1,
        'share.coordinator.state.topic.replication.factor': 1,
        'share.coordinator.state.topic.min.isr': 1,
        ...SMALL_CLUSTER,
      };
      writeFileSync(properties, formatProperties(settings));
      const { stdout } = await apache.tool('kafka.tools.StorageTool', ['random-uuid']);
      await apache.tool('kafka.tools.StorageTool', ['format', '-t', stdout.trim(), '-c', properties]);
      return run('apache', `${LOOPBACK}:${client}`, directory, {
        command: 'java',
        args: apache.serverArguments(directory, properties),
        readyLine: /Kafka Server started/,
      });
    },
  };
}

/** One broker of ours. @param program arguments of `node` that run `biquorum` */
export function biquorumSide(program: readonly string[]): Side {
  return {
    name: 'biquorum',
    async start(directory) {
      const [port] = await freePorts(1);
      mkdirSync(directory, { recursive: true });
      const settings = Object.entries(SMALL_CLUSTER).flatMap(([key, value]) => ['--set', `${key}=${value}`]);
      const data = ['--port', String(port), '--data', join(directory, 'data')];
      return run('biquorum', `${LOOPBACK}:${port}`, directory, {
        command: process.execPath,
        args: [...program, 'up', '--brokers', '1', '--json', ...data, ...settings],
        readyLine: /"event":"ready"/,
      });
    },
  };
}

interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly readyLine: RegExp;
}

async function run(name: SideName, bootstrap: string, directory: string, program: Program): Promise<RunningSide> {
  const startedMs = performance.now();
  const starting = ServerProcess.start({
    ...program,
    cwd: directory,
    logFile: join(directory, 'server.log'),
    readyTimeoutMs: READY_TIMEOUT_MS,
  });
  // A server that ends at once says why; the other side of the race would only time out.
  const giveUp = new AbortController();
  const recorded = firstRecord(bootstrap, READY_TIMEOUT_MS, giveUp.signal).then(() => performance.now() - startedMs);
  recorded.catch(() => {});
  try {
    const server = await starting;
    const firstRecordMs = await recorded;
    const { pid } = server;
    if (pid === undefined) throw new Error(`${name} has no process`);
    return { name, bootstrap, pids: [pid], firstRecordMs, [Symbol.asyncDispose]: () => server.kill() };
  } catch (error) {
    giveUp.abort();
    await starting.then((server) => server.kill()).catch(() => {});
    throw error;
  }
}
