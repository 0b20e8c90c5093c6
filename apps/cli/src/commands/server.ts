import { runServer } from '@biquorum/cluster';
import { stderrTelemetry } from '@biquorum/platform/node';
import { type Command, type ExitCode, UsageError } from '../command.ts';

/** Runs one node by Kafka's own properties until it is told to stop. */
export const server: Command = {
  name: 'server',
  synopsis: '<server.properties> [--override key=value]…',
  summary: 'run one node of a cluster, broker or controller or both, by its properties until SIGINT or SIGTERM',
  flags: [{ name: 'override', value: 'KEY=VALUE', multiple: true, summary: 'a property in place of that of the file' }],
  examples: ['biquorum server server.properties --override log.dirs=data/1'],
  async run(args, output): Promise<ExitCode> {
    const { file, overrides } = read(args);
    const status = await runServer({
      file,
      overrides,
      print: (line) => output.print(line),
      telemetry: stderrTelemetry({ level: 'info' }),
    });
    return status === 0 ? 0 : 1;
  },
};

function read(args: readonly string[]): { readonly file: string; readonly overrides: ReadonlyMap<string, string> } {
  const overrides = new Map<string, string>();
  const files: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] as string;
    if (arg !== '--override') {
      if (arg.startsWith('-')) throw new UsageError(`${arg} is no option of it.`);
      files.push(arg);
      continue;
    }
    const pair = args[++index] ?? '';
    const at = pair.indexOf('=');
    if (at <= 0) throw new UsageError(`--override ${pair} is no key=value.`);
    overrides.set(pair.slice(0, at), pair.slice(at + 1));
  }
  const [file, ...more] = files;
  if (file === undefined || more.length > 0) throw new UsageError('name one file of properties.');
  return { file, overrides };
}
