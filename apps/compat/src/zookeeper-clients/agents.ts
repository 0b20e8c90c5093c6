import { existsSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { preparePython } from '../clients/agents/python/prepare.ts';
import { cacheDirectory, fingerprint } from '../java/cache.ts';
import { javaDirectory, resolveClassPath } from '../java/class-path.ts';
import { runProgram } from '../java/run-program.ts';
import type { AgentCommand } from './play.ts';

/** A client that nobody here wrote, with the program that plays it. */
export interface Agent {
  readonly name: string;
  /** Makes ready what it is started with. @throws Error naming the remedy */
  prepare(): Promise<AgentCommand>;
}

const JVM = ['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto'];

/** The clients, each a program in its own language. */
export const AGENTS: readonly Agent[] = [
  {
    name: 'kazoo 2.11 and its recipes',
    async prepare() {
      const folder = join(import.meta.dirname, 'kazoo');
      const python = await preparePython(cacheDirectory(), join(folder, 'requirements.txt'));
      return { command: python, args: [join(folder, 'agent.py')] };
    },
  },
  {
    name: 'node-zookeeper-client 1.1',
    prepare: async () => ({ command: process.execPath, args: [join(import.meta.dirname, 'node', 'agent.ts')] }),
  },
  {
    name: "Apache's Java client 3.9 and the recipes of Curator 5.9",
    async prepare() {
      const source = join(import.meta.dirname, 'java', 'Agent.java');
      return { command: 'java', args: [...JVM, '-cp', await clientJars(), source] };
    },
  },
  { name: 'go-zookeeper 1.0', prepare: async () => ({ command: await buildGo(), args: [] }) },
];

/** Class path of Apache's client, of its command line, and of Curator. */
export async function clientJars(): Promise<string> {
  return (await resolveClassPath(join(javaDirectory, 'zookeeper-clients', 'pom.xml'))).join(delimiter);
}

/** How Apache's command line is started; what it is told comes by standard input. */
export async function zkCli(): Promise<AgentCommand> {
  return {
    command: 'java',
    args: [...JVM, '-cp', await clientJars(), 'org.apache.zookeeper.ZooKeeperMain', '-server'],
  };
}

/** Builds the agent into the cache, under a name that says its content. */
async function buildGo(): Promise<string> {
  const sources = join(import.meta.dirname, 'go');
  const contents = readdirSync(sources).flatMap((name) => [name, readFileSync(join(sources, name))]);
  const target = join(cacheDirectory(), `go-zookeeper-agent-${fingerprint(...contents)}`);
  if (existsSync(target)) return target;
  const fresh = `${target}.${process.pid}`;
  try {
    await runProgram({
      command: 'go',
      args: ['build', '-mod=readonly', '-trimpath', '-o', fresh, '.'],
      cwd: sources,
      env: { GOTOOLCHAIN: 'local', CGO_ENABLED: '0' },
    });
  } catch (error) {
    throw new Error('go-zookeeper cannot be built: install Go 1.21 or newer (Debian: apt-get install golang-go)', {
      cause: error,
    });
  }
  renameSync(fresh, target);
  return target;
}
