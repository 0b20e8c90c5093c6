import { join } from 'node:path';
import { runProgram } from '../java/run-program.ts';
import type { ApacheKafka } from '../side-by-side/apache-kafka.ts';
import type { NodeProgram } from './deployment.ts';

const CLI = join(import.meta.dirname, '..', '..', '..', 'cli');

/** Apache Kafka's nodes, run as its own scripts run them. */
export function apacheProgram(apache: ApacheKafka): NodeProgram {
  return {
    name: 'apache',
    readyLine: /Kafka Server started/,
    properties: {},
    command: (directory, properties) => ['java', ...apache.serverArguments(directory, properties)],
    async makeClusterId() {
      const { stdout } = await apache.tool('kafka.tools.StorageTool', ['random-uuid']);
      return stdout.trim();
    },
    async format(clusterId, properties) {
      await apache.tool('kafka.tools.StorageTool', ['format', '-t', clusterId, '-c', properties]);
    },
  };
}

/** Our nodes. @param main file that runs `biquorum` */
export function biquorumProgram(main: string): NodeProgram {
  const run = (...args: readonly string[]) => runProgram({ command: process.execPath, args: [main, ...args] });
  return {
    name: 'biquorum',
    readyLine: /"event":"ready"/,
    properties: {},
    command: (_, properties) => [process.execPath, main, 'server', properties, '--json'],
    async makeClusterId() {
      const { stdout } = await run('storage', 'random-uuid');
      return stdout.trim();
    },
    async format(clusterId, properties) {
      await run('storage', 'format', '-t', clusterId, '-c', properties);
    },
  };
}

/** What is shipped is what is measured: the command line as a bundle, made anew. Returns its main file. */
export async function bundleProgram(): Promise<string> {
  const rolldown = join(CLI, 'node_modules', 'rolldown', 'bin', 'cli.mjs');
  await runProgram({ command: process.execPath, args: [rolldown, '--config', 'rolldown.config.ts'], cwd: CLI });
  return join(CLI, 'dist', 'bundle', 'main.js');
}
