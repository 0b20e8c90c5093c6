import { uuid } from '@biquorum/kafka-wire';
import {
  type DirectoryFinding,
  describeStorage,
  type FeatureLevel,
  FormatError,
  formatDirectories,
  formatLines,
  type InitialQuorum,
  type InitialVoter,
  type KraftSettings,
  randomUuid,
  readKraftSettings,
} from '@biquorum/kraft';
import { parseProperties } from '@biquorum/log';
import { createNodePorts } from '@biquorum/platform/node';
import { type Command, type ExitCode, type Flag, type Output, UsageError } from '../command.ts';
import { type Arguments, parseFlags } from '../flags.ts';
import { readInputFile } from '../input-file.ts';

const JSON_FLAG: Flag = { name: 'json', summary: 'one document of JSON' };
const CONFIG: Flag = { name: 'config', short: 'c', value: 'FILE', summary: 'the properties of the node' };
const FORMAT_FLAGS: readonly Flag[] = [
  CONFIG,
  { name: 'cluster-id', short: 't', value: 'ID', summary: 'the cluster that the directories belong to, with format' },
  { name: 'ignore-formatted', short: 'g', summary: 'directories that are ready already are no error' },
  {
    name: 'release-version',
    short: 'r',
    value: 'RELEASE',
    summary: 'the metadata version to begin with, such as 3.9',
  },
  { name: 'feature', short: 'f', value: 'FEATURE=LEVEL', multiple: true, summary: 'the level of a feature' },
  { name: 'standalone', short: 's', summary: 'this controller is the whole quorum' },
  {
    name: 'no-initial-controllers',
    short: 'N',
    summary: 'the quorum is dynamic, and this controller joins it later',
  },
  {
    name: 'initial-controllers',
    short: 'I',
    value: 'ID@HOST:PORT:DIRECTORY,…',
    summary: 'the voters of a dynamic quorum',
  },
  JSON_FLAG,
];
/** Known, to say why it is refused. */
const ADD_SCRAM: Flag = { name: 'add-scram', short: 'S', value: 'CREDENTIAL', multiple: true, summary: '' };

const ACTIONS = 'format, info or random-uuid';
const SYNOPSIS = `format -t CLUSTER_ID -c FILE [-g] [-r RELEASE] [-f FEATURE=LEVEL]… [-s | -N | -I VOTERS]
       info -c FILE
       random-uuid
       each with [--json]`;

/** Formats and describes the directories of nodes in KRaft mode, with the flags of Apache's `kafka-storage`. */
export const storage: Command = {
  name: 'storage',
  synopsis: SYNOPSIS,
  summary: "make the directories of a node ready, look at them, or make up an id; as Apache's kafka-storage does",
  flags: FORMAT_FLAGS,
  examples: [
    'biquorum storage random-uuid',
    'biquorum storage format -t abcdefghijklmnopqrstuA -c server.properties --standalone',
    'biquorum storage info -c server.properties --json',
  ],
  async run([action, ...args], output): Promise<ExitCode> {
    switch (action) {
      case 'format':
        return format(read(args, [...FORMAT_FLAGS, ADD_SCRAM]), output);
      case 'info':
        return info(read(args, [CONFIG, JSON_FLAG]), output);
      case 'random-uuid': {
        const given = read(args, [JSON_FLAG]);
        const id = await withPorts(({ random }) => Promise.resolve(randomUuid(random)));
        output.print(given.has('json') ? JSON.stringify({ uuid: id }) : id);
        return 0;
      }
      case undefined:
        throw new UsageError(`say what to do: ${ACTIONS}.`);
      case 'version-mapping':
      case 'feature-dependencies':
        throw new UsageError(`${action} came with Kafka 4.0; as in 3.9 there is ${ACTIONS}.`);
      default:
        throw new UsageError(`"${action}" is none of its actions: ${ACTIONS}.`);
    }
  },
};

function read(args: readonly string[], flags: readonly Flag[]): Arguments {
  const given = parseFlags(args, flags);
  const [extra] = given.positionals;
  if (extra === undefined) return given;
  throw new UsageError(extra.startsWith('-') ? `there is no option ${extra}.` : `"${extra}" is no option.`);
}

async function format(given: Arguments, output: Output): Promise<ExitCode> {
  if (given.has('add-scram')) {
    throw new UsageError(
      '--add-scram is refused: nodes keep SCRAM credentials, but speak no SASL, so that nobody is ever asked for one. To keep one all the same, give it to the running cluster with "biquorum configs --alter --entity-type users".',
    );
  }
  const file = given.required('config', 'the properties of the node, -c FILE');
  const clusterId = given.required('cluster-id', 'the cluster that the directories belong to, -t ID');
  const settings = readSettings(file);
  const quorum = quorumOf(settings, given);
  const release = given.value('release-version');
  const formatted = await withPorts((ports) =>
    formatDirectories(ports, {
      clusterId,
      nodeId: settings.nodeId,
      directories: settings.logDirectories,
      metadataDirectory: settings.metadataDirectory,
      quorum: quorum ?? standalone(settings, uuid(randomUuid(ports.random))),
      ignoreFormatted: given.has('ignore-formatted'),
      features: given.values('feature').map(readFeature),
      ...(release === undefined ? {} : { release }),
    }),
  );
  if (given.has('json')) output.print(JSON.stringify({ clusterId, nodeId: settings.nodeId, formatted }));
  else for (const line of formatLines(formatted)) output.print(line);
  return 0;
}

async function info(given: Arguments, output: Output): Promise<ExitCode> {
  const file = given.required('config', 'the properties of the node, -c FILE');
  const { logDirectories, metadataDirectory } = readSettings(file);
  const paths = [...new Set([...logDirectories, metadataDirectory])];
  const { lines, findings, problems, sound } = await withPorts(({ disk }) => describeStorage(disk, paths));
  if (given.has('json')) output.print(JSON.stringify({ sound, directories: findings.map(directoryOf), problems }));
  else for (const line of lines) output.print(line);
  return sound ? 0 : 1;
}

/** What a directory is told as. */
function directoryOf(finding: DirectoryFinding): object {
  const { path, kind } = finding;
  switch (finding.kind) {
    case 'formatted': {
      const { version, clusterId, nodeId, directoryId } = finding.meta;
      return { path, state: kind, version, clusterId, nodeId, directoryId: directoryId ?? null };
    }
    case 'unusable':
      return { path, state: kind, reason: finding.reason };
    case 'empty':
    case 'missing':
      return { path, state: kind };
  }
}

/** What the quorum begins with; undefined for this controller alone. */
function quorumOf(settings: KraftSettings, given: Arguments): InitialQuorum | undefined {
  const { voters, roles } = settings;
  const initial = given.value('initial-controllers');
  const none = given.has('no-initial-controllers');
  const alone = given.has('standalone');
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
  const settings = readKraftSettings(parseProperties(file, readInputFile('--config', file)));
  if (settings.roles.size > 0) return settings;
  throw new FormatError(
    'The kafka configuration file appears to be for a legacy cluster. Formatting is only supported for clusters in KRaft mode.',
  );
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
