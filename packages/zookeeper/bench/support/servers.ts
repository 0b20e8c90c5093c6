import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** What a server takes in memory, in bytes. */
export interface Memory {
  readonly role: string;
  readonly znodes: number;
  readonly resident: number;
  /** The most that was ever resident. */
  readonly peak: number;
}

interface Member {
  readonly file: string;
  readonly port: number;
  child: ChildProcess | null;
}

const HOST = '127.0.0.1';
const ASK_EVERY_MS = 20;

/** A server alone, or an ensemble, each in a process of its own on files below one directory. */
export class Servers {
  readonly #main: string;
  readonly #members: readonly Member[];

  private constructor(main: string, members: readonly Member[]) {
    this.#main = main;
    this.#members = members;
  }

  /** @param main runs `biquorum`, or does as if; its folder's sources when it is TypeScript */
  static async make(directory: string, count: number, main: string): Promise<Servers> {
    const free = await freePorts(3 * count);
    const ids = Array.from({ length: count }, (_, at) => at + 1);
    const ensemble = count === 1 ? [] : ids.map((id) => `server.${id}=${HOST}:${free.pop()}:${free.pop()}`);
    const members = ids.map((id) => {
      const dataDir = join(directory, String(id));
      const port = free.pop() ?? 0;
      mkdirSync(dataDir, { recursive: true });
      writeFileSync(join(dataDir, 'myid'), String(id));
      const own = [`dataDir=${dataDir}`, `clientPort=${port}`, `clientPortAddress=${HOST}`];
      const all = [...own, 'initLimit=60', 'syncLimit=30', '4lw.commands.whitelist=*', ...ensemble];
      const file = join(dataDir, 'zoo.cfg');
      writeFileSync(file, `${all.join('\n')}\n`);
      return { file, port, child: null };
    });
    return new Servers(main, members);
  }

  /** Where clients of the first server connect. */
  get port(): number {
    return this.#members[0]?.port ?? 0;
  }

  /** Starts all, and waits until all serve. */
  async start(): Promise<void> {
    for (const member of this.#members) {
      const flags = this.#main.endsWith('.ts') ? ['--conditions=@biquorum/source'] : [];
      const args = [...flags, this.#main, 'zookeeper', member.file];
      member.child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
    }
    for (const { port } of this.#members) while ((await ask(port, 'isro')) !== 'rw') await delay(ASK_EVERY_MS);
  }

  /** Waits until no transaction is under way: all have applied the same. */
  async settled(): Promise<void> {
    for (;;) {
      const said = await Promise.all(this.#members.map(({ port }) => ask(port, 'srvr')));
      if (new Set(said.map((text) => /Zxid: (\S+)/.exec(text)?.[1])).size === 1) return;
      await delay(ASK_EVERY_MS);
    }
  }

  memory(): Promise<readonly Memory[]> {
    return Promise.all(
      this.#members.map(async ({ child, port }) => {
        const said = await ask(port, 'srvr');
        const status = readFileSync(`/proc/${child?.pid}/status`, 'utf8');
        const bytes = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) * 1024;
        return {
          role: /Mode: (\w+)/.exec(said)?.[1] ?? '',
          znodes: Number(/Node count: (\d+)/.exec(said)?.[1]),
          resident: bytes('VmRSS'),
          peak: bytes('VmHWM'),
        };
      }),
    );
  }

  async kill(): Promise<void> {
    for (const member of this.#members) {
      if (member.child === null) continue;
      const ended = once(member.child, 'exit');
      member.child.kill('SIGKILL');
      await ended;
      member.child = null;
    }
  }
}

/** A four-letter word's answer; empty when there is none. */
function ask(port: number, word: string): Promise<string> {
  return new Promise((resolve) => {
    let said = '';
    const socket = connect(port, HOST, () => socket.write(word)).setEncoding('utf8');
    socket.on('data', (text: string) => {
      said += text;
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(said));
  });
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, HOST));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as { readonly port: number }).port);
  for (const server of servers) server.close();
  return ports;
}
