import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { CommandFault } from '../command.ts';
import type { RunningServer } from './running-server.ts';

/** A server of an ensemble that is about to be started. */
export interface Member {
  readonly id: number;
  readonly file: string;
}

/** What the servers of `--servers N` are made with. */
export interface Layout {
  readonly servers: number;
  /** The port of the first server's clients; the others follow. Free ones when not given. */
  readonly port: number | undefined;
  readonly directory: string;
}

const HOST = '127.0.0.1';
const ASK_EVERY_MS = 20;

/** Writes `zoo.cfg` and `myid` of each server into a directory of its own. */
export async function writeConfigs({ servers, port, directory }: Layout): Promise<readonly Member[]> {
  const ids = Array.from({ length: servers }, (_, index) => index + 1);
  const free = await freePorts(servers * 3);
  const clientPorts = ids.map((id) => (port === undefined ? (free.pop() as number) : port + id - 1));
  const lines = servers === 1 ? [] : ids.map((id) => `server.${id}=${HOST}:${free.pop()}:${free.pop()}`);
  return ids.map((id, at) => {
    const dataDir = join(directory, `server-${id}`);
    makeDirectory(dataDir);
    if (servers > 1) writeFileSync(join(dataDir, 'myid'), `${id}\n`);
    const file = join(dataDir, 'zoo.cfg');
    const own = [
      'tickTime=2000',
      'initLimit=10',
      'syncLimit=5',
      `dataDir=${dataDir}`,
      `clientPort=${clientPorts[at]}`,
      `clientPortAddress=${HOST}`,
      'maxClientCnxns=0',
      '4lw.commands.whitelist=*',
    ];
    writeFileSync(file, `${[...own, ...lines].join('\n')}\n`);
    return { id, file };
  });
}

/** @throws CommandFault when it cannot be made */
function makeDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CommandFault(`${path} cannot be made (${code}); give another directory to --data.`, { cause: error });
  }
}

/** Starts a server as a process of its own. @throws CommandFault when it ends before it is ready */
export async function startProcess(program: readonly string[], { id, file }: Member): Promise<RunningServer> {
  const child: ChildProcess = spawn(process.execPath, [...program, 'zookeeper', file, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit') as Promise<[code: number | null, signal: NodeJS.Signals | null]>;
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  const first = await Promise.race([once(lines, 'line'), ended.then(() => null)]);
  if (first === null) throw new CommandFault(`server ${id} has ended before it was ready; what it says stands above.`);
  const { connect } = JSON.parse(String(first[0])) as { readonly connect: string };
  return {
    connect,
    pid: child.pid as number,
    failed: ended.then(([code, signal]) =>
      signal === null ? `its process ended with code ${code}` : `its process was ended by ${signal}`,
    ),
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Waits until a server serves clients, or nobody waits any more: a member of an ensemble has to find its leader first. */
export async function untilServing(server: string, givingUp: AbortSignal): Promise<void> {
  while (!givingUp.aborted && (await ask(server, 'isro')) !== 'rw') await delay(ASK_EVERY_MS);
}

/** A four-letter word's answer; empty when there is none. */
async function ask(server: string, word: string): Promise<string> {
  const [host = '', port = ''] = server.split(':');
  const socket = connect({ host, port: Number(port) });
  socket.write(word);
  return text(socket).catch(() => '');
}

/** Ports that nobody listens on at the moment, no two the same. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  try {
    const ports: number[] = [];
    for (const server of servers) {
      server.listen(0, HOST);
      await once(server, 'listening');
      ports.push((server.address() as { readonly port: number }).port);
    }
    return ports;
  } finally {
    for (const server of servers) server.close();
  }
}
