import { type ReadyLine, runServer } from '@biquorum/cluster';
import { stderrTelemetry } from '@biquorum/platform/node';
import { type Command, type ExitCode, type Flag, type Output, UsageError } from '../command.ts';
import { parseFlags } from '../flags.ts';
import { readPairs } from '../pairs.ts';

const FLAGS: readonly Flag[] = [
  { name: 'override', value: 'KEY=VALUE', multiple: true, summary: 'a property in place of that of the file' },
  { name: 'json', summary: 'a line of JSON when it serves, and one when it has stopped' },
];

/** Runs one node by Kafka's own properties until it is told to stop. */
export const server: Command = {
  name: 'server',
  synopsis: '<server.properties> [--override key=value]… [--json]',
  summary: 'run one node of a cluster, broker or controller or both, by its properties until SIGINT or SIGTERM',
  flags: FLAGS,
  examples: ['biquorum server server.properties --override log.dirs=data/1'],
  async run(args, output): Promise<ExitCode> {
    const { file, overrides, json } = read(args);
    const startedMs = performance.now();
    let node: ReadyLine | undefined;
    const status = await runServer({
      file,
      overrides,
      print: (line) => {
        node = JSON.parse(line) as ReadyLine;
        tellReady(node, Math.round(performance.now() - startedMs), json, output);
      },
      telemetry: stderrTelemetry({ level: 'info' }),
    });
    const exitCode = status === 0 ? 0 : 1;
    if (node !== undefined) tellStopped(node, exitCode, json, output);
    return exitCode;
  },
};

function tellReady({ event, id, address }: ReadyLine, millis: number, json: boolean, output: Output): void {
  if (json) return output.print(JSON.stringify({ event, id, address, millis, pid: process.pid }));
  output.print(`Ready in ${millis} ms: node ${id}, at ${address}. Ctrl-C stops it.`);
}

function tellStopped({ id, address }: ReadyLine, exitCode: ExitCode, json: boolean, output: Output): void {
  if (json) output.print(JSON.stringify({ event: 'stopped', id, address, pid: process.pid, exitCode }));
  else output.print('Stopped.');
}

interface ServerOptions {
  readonly file: string;
  readonly overrides: ReadonlyMap<string, string>;
  readonly json: boolean;
}

function read(args: readonly string[]): ServerOptions {
  const given = parseFlags(args, FLAGS);
  const [file, ...more] = given.positionals;
  if (file === undefined || more.length > 0) throw new UsageError('name one file of properties.');
  if (file.startsWith('-')) throw new UsageError(`there is no option ${file}.`);
  return { file, overrides: readPairs('--override', given.values('override')), json: given.has('json') };
}
