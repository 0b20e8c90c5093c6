import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { uuid } from '@biquorum/kafka-wire';
import {
  describeStorage,
  type FeatureLevel,
  FormatError,
  formatStorage,
  type InitialQuorum,
  type InitialVoter,
  type KraftSettings,
  KraftSettingsError,
  randomUuid,
  readKraftSettings,
} from '@biquorum/kraft';
import { parseProperties } from '@biquorum/log';
import { createNodePorts } from '@biquorum/platform/node';
import { type Command, type ExitCode, type Flag, type Output, UsageError } from '../command.ts';

const FLAGS: readonly Flag[] = [
  { name: 'config', value: 'FILE', summary: 'the properties of the node; also -c' },
  { name: 'cluster-id', value: 'ID', summary: 'the cluster that the directories belong to, with format; also -t' },
  { name: 'ignore-formatted', summary: 'directories that are ready already are no error; also -g' },
  { name: 'release-version', value: 'RELEASE', summary: 'the metadata version to begin with, such as 3.9; also -r' },
  { name: 'feature', value: 'FEATURE=LEVEL', multiple: true, summary: 'the level of a feature; also -f' },
  { name: 'standalone', summary: 'this controller is the whole quorum; also -s' },
  { name: 'no-initial-controllers', summary: 'the quorum is dynamic, and this controller joins it later; also -N' },
  {
    name: 'initial-controllers',
    value: 'ID@HOST:PORT:DIRECTORY,…',
    summary: 'the voters of a dynamic quorum; also -I',
  },
  { name: 'json', summary: 'what is said as one document of JSON' },
];

const SYNOPSIS = `format -t CLUSTER_ID -c FILE [-g] [-r RELEASE] [-f FEATURE=LEVEL]… [-s | -N | -I VOTERS]
       info -c FILE
       random-uuid
       each with [--json]`;

/** Formats and describes the directories of nodes in KRaft mode, with the flags of Apache's `kafka-storage`. */
export const storage: Command = {
  name: 'storage',
  synopsis: SYNOPSIS,
  summary: "make the directories of a node ready, look at them, or make up an id; as Apache's kafka-storage does",
  flags: FLAGS,
  examples: [
    'biquorum storage random-uuid',
    'biquorum storage format -t abcdefghijklmnopqrstuA -c server.properties --standalone',
  ],
  async run([action, ...all], terminal): Promise<ExitCode> {
    if (!all.includes('--json')) return act(action, all, terminal);
    const said: string[] = [];
    const collecting: Output = { print: (line) => void said.push(line), complain: (line) => void said.push(line) };
    const exitCode = await act(
      action,
      all.filter((arg) => arg !== '--json'),
      collecting,
    );
    terminal.print(JSON.stringify({ done: exitCode === 0, said }));
    return exitCode;
  },
};

async function act(action: string | undefined, args: readonly string[], output: Output): Promise<ExitCode> {
  switch (action) {
    case 'format':
      return orFault(output, () => format(args, output));
    case 'info':
      return orFault(output, () => info(args, output));
    case 'random-uuid':
      output.print(await withPorts(({ random }) => Promise.resolve(randomUuid(random))));
      return 0;
    default:
      throw new UsageError(action === undefined ? 'say what to do.' : `"${action}" is none of its actions.`);
  }
}

async function format(args: readonly string[], output: Output): Promise<ExitCode> {
  const { values } = parse(args);
  const { config } = values;
  const release = values['release-version'];
  const clusterId = values['cluster-id'];
  if (config === undefined) throw new UsageError('argument --config/-c is required');
  if (clusterId === undefined) throw new UsageError('argument --cluster-id/-t is required');
  if (values['add-scram'] !== undefined) {
    throw new UsageError('--add-scram is not served yet: there is no authentication that would use a credential.');
  }
  const settings = readSettings(config);
  const quorum = quorumOf(settings, values);
  const lines = await withPorts((ports) =>
    formatStorage(ports, {
      clusterId,
      nodeId: settings.nodeId,
      directories: settings.logDirectories,
      metadataDirectory: settings.metadataDirectory,
      quorum: quorum ?? standalone(settings, uuid(randomUuid(ports.random))),
      ignoreFormatted: values['ignore-formatted'] ?? false,
      features: (values.feature ?? []).map(readFeature),
      ...(release === undefined ? {} : { release }),
    }),
  );
  for (const line of lines) output.print(line);
  return 0;
}

async function info(args: readonly string[], output: Output): Promise<ExitCode> {
  const { config } = parse(args).values;
  if (config === undefined) throw new UsageError('argument --config/-c is required');
  const { logDirectories, metadataDirectory } = readSettings(config);
  const paths = [...new Set([...logDirectories, metadataDirectory])];
  const { lines, sound } = await withPorts(({ disk }) => describeStorage(disk, paths));
  for (const line of lines) output.print(line);
  return sound ? 0 : 1;
}

/** What the quorum begins with; undefined for this controller alone. */
function quorumOf(settings: KraftSettings, values: ReturnType<typeof parse>['values']): InitialQuorum | undefined {
  const { voters, roles } = settings;
  const initial = values['initial-controllers'];
  const none = values['no-initial-controllers'] === true;
  const alone = values.standalone === true;
  if ([initial !== undefined, none, alone].filter(Boolean).length > 1) {
    throw new UsageError('only one of --standalone, --initial-controllers and --no-initial-controllers is allowed');
  }
  if (voters.length > 0 && (initial !== undefined || alone)) {
    throw new FormatError(
      'You cannot specify controller.quorum.voters and format the node with --initial-controllers or --standalone. If you want to use dynamic quorum, please remove controller.quorum.voters and specify controller.quorum.bootstrap.servers instead.',
    );
  }
  if (alone && !roles.has('controller')) throw new FormatError('You can only use --standalone on a controller.');
  if (voters.length === 0 && roles.has('controller') && !alone && !none && initial === undefined) {
    throw new FormatError(
      'Because controller.quorum.voters is not set on this controller, you must specify one of the following: --standalone, --initial-controllers, or --no-initial-controllers.',
    );
  }
  if (alone) return undefined;
  if (initial === undefined) return { kind: 'unwritten', dynamic: none };
  return { kind: 'voters', voters: initial.split(',').map(readVoter), listener: listenerOf(settings) };
}

function standalone(settings: KraftSettings, directoryId: InitialVoter['directoryId']): InitialQuorum {
  const [endpoint] = settings.advertisedControllerListeners;
  if (endpoint === undefined) throw new FormatError('You can only use --standalone on a controller.');
  const host = endpoint.host === '' ? 'localhost' : endpoint.host;
  const voter = { id: settings.nodeId, directoryId, host, port: endpoint.port };
  return { kind: 'voters', voters: [voter], listener: listenerOf(settings) };
}

function listenerOf({ controllerListenerNames }: KraftSettings): string {
  return controllerListenerNames[0] ?? 'CONTROLLER';
}

/** `id@host:port:directory`. */
function readVoter(text: string): InitialVoter {
  const match = /^(\d+)@(?:\[([^\]]+)\]|([^:]+)):(\d{1,5}):([A-Za-z0-9_-]{22})$/.exec(text.trim());
  if (match === null) throw new FormatError(`"${text}" is no voter; write id@hostname:port:directory`);
  return {
    id: Number(match[1]),
    host: match[2] ?? match[3] ?? '',
    port: Number(match[4]),
    directoryId: uuid(match[5] ?? ''),
  };
}

function readFeature(text: string): FeatureLevel {
  const match = /^([\w.]+)=(\d+)$/.exec(text.trim());
  if (match === null) throw new UsageError(`--feature ${text} is no feature=level.`);
  return { name: match[1] ?? '', level: Number(match[2]) };
}

function readSettings(file: string): KraftSettings {
  const settings = readKraftSettings(parseProperties(file, readFileSync(file)));
  if (settings.roles.size > 0) return settings;
  throw new FormatError(
    'The kafka configuration file appears to be for a legacy cluster. Formatting is only supported for clusters in KRaft mode.',
  );
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        config: { type: 'string', short: 'c' },
        'cluster-id': { type: 'string', short: 't' },
        'ignore-formatted': { type: 'boolean', short: 'g' },
        'release-version': { type: 'string', short: 'r' },
        feature: { type: 'string', short: 'f', multiple: true },
        'add-scram': { type: 'string', short: 'S', multiple: true },
        standalone: { type: 'boolean', short: 's' },
        'no-initial-controllers': { type: 'boolean', short: 'N' },
        'initial-controllers': { type: 'string', short: 'I' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

async function withPorts<Result>(
  body: (ports: ReturnType<typeof createNodePorts>) => Promise<Result>,
): Promise<Result> {
  const ports = createNodePorts({});
  try {
    return await body(ports);
  } finally {
    await ports.close();
  }
}

/** What stands in the way is said in one line, as Apache's tool does. */
async function orFault(output: Output, body: () => Promise<ExitCode>): Promise<ExitCode> {
  try {
    return await body();
  } catch (error) {
    if (!(error instanceof FormatError || error instanceof KraftSettingsError || isFileError(error))) throw error;
    output.complain((error as Error).message);
    return 1;
  }
}

function isFileError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
