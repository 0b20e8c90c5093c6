import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Uuid, uuid } from '@biquorum/kafka-wire';
import {
  addVoter,
  describeQuorum,
  type QuorumReplica,
  type QuorumState,
  removeVoter,
  type VoterEndpoint,
} from '../client/quorum.ts';
import { CLIENT_FLAGS, readProperties, withClient } from '../client/with-client.ts';
import { type Command, CommandFault, type ExitCode, type Flag, type Terminal, UsageError } from '../command.ts';
import { type Arguments, parseFlags } from '../flags.ts';
import { table } from '../table.ts';

const FLAGS: readonly Flag[] = [
  { name: 'status', summary: 'leader, epoch, voters and observers, with describe' },
  { name: 'replication', summary: 'how far each node has come, with describe' },
  { name: 'human-readable', summary: 'times as time gone by, with describe --replication' },
  { name: 'controller-id', short: 'i', value: 'ID', summary: 'the controller, with remove-controller' },
  {
    name: 'controller-directory-id',
    short: 'd',
    value: 'UUID',
    summary: "the controller's metadata directory, with remove-controller",
  },
  { name: 'dry-run', summary: 'only tell what would be done, with add-controller and remove-controller' },
  { name: 'bootstrap-controller', value: 'HOST:PORT,…', summary: 'controllers of the quorum, in place of brokers' },
  ...CLIENT_FLAGS,
];

/** Shows a quorum and changes who votes in it, with the flags and words of Apache's `kafka-metadata-quorum`. */
export const metadataQuorum: Command = {
  name: 'metadata-quorum',
  synopsis: `--bootstrap-server HOST:PORT,… | --bootstrap-controller HOST:PORT,…
       describe (--status | --replication [--human-readable])
       add-controller --command-config FILE [--dry-run]
       remove-controller --controller-id ID --controller-directory-id UUID [--dry-run]`,
  summary:
    "show how the quorum of a KRaft cluster stands, and change who votes, as Apache's kafka-metadata-quorum does",
  flags: FLAGS,
  examples: ['biquorum metadata-quorum --bootstrap-server 127.0.0.1:9092 describe --status'],
  run(args, terminal): Promise<ExitCode> {
    const given = parseFlags(args, FLAGS);
    const [action, extra] = given.positionals;
    if (extra !== undefined) throw new UsageError(`"${extra}" belongs to no option.`);
    switch (action) {
      case 'describe':
        return describe(given, terminal);
      case 'add-controller':
        return add(given, terminal);
      case 'remove-controller':
        return remove(given, terminal);
      default:
        throw new UsageError('say what to do: describe, add-controller or remove-controller.');
    }
  },
};

async function describe(given: Arguments, terminal: Terminal): Promise<ExitCode> {
  const view = given.oneOf(['status', 'replication']);
  const quorum = await withClient(given, describeQuorum);
  if (given.has('json')) terminal.print(JSON.stringify(quorum));
  else if (view === 'status') printStatus(quorum, terminal);
  else printReplication(quorum, given.has('human-readable'), terminal);
  return 0;
}

const NAME_WIDTH = 23;

function printStatus(quorum: QuorumState, terminal: Terminal): void {
  const { clusterId, leaderId, leaderEpoch, highWatermark, voters, observers } = quorum;
  const leader = leaderOf(quorum);
  const last = voters.reduce((least, one) => (one.logEndOffset < least.logEndOffset ? one : least), leader);
  const lagMs =
    last.id === leader.id
      ? 0
      : leader.lastCaughtUpMs >= 0 && last.lastCaughtUpMs >= 0
        ? leader.lastCaughtUpMs - last.lastCaughtUpMs
        : -1;
  const facts: readonly (readonly [name: string, value: unknown])[] = [
    ['ClusterId', clusterId],
    ['LeaderId', leaderId],
    ['LeaderEpoch', leaderEpoch],
    ['HighWatermark', highWatermark],
    ['MaxFollowerLag', leader.logEndOffset - last.logEndOffset],
    ['MaxFollowerLagTimeMs', lagMs],
    ['CurrentVoters', `[${voters.map(describeReplica).join(', ')}]`],
    ['CurrentObservers', `[${observers.map(describeReplica).join(', ')}]`],
  ];
  for (const [name, value] of facts) terminal.print(`${`${name}:`.padEnd(NAME_WIDTH)} ${value}`);
}

function printReplication(quorum: QuorumState, human: boolean, terminal: Terminal): void {
  const leader = leaderOf(quorum);
  const nowMs = Date.now();
  const time = (ms: number): string => (human && ms >= 0 ? `${nowMs - ms} ms ago` : String(ms));
  const row = (replica: QuorumReplica, status: string): readonly string[] => [
    String(replica.id),
    replica.directoryId ?? NO_DIRECTORY,
    String(replica.logEndOffset),
    String(leader.logEndOffset - replica.logEndOffset),
    time(replica.lastFetchMs),
    time(replica.lastCaughtUpMs),
    status,
  ];
  const rows = [
    row(leader, 'Leader'),
    ...quorum.voters.filter(({ id }) => id !== leader.id).map((voter) => row(voter, 'Follower')),
    ...quorum.observers.map((observer) => row(observer, 'Observer')),
  ];
  const header = [
    'NodeId',
    'DirectoryId',
    'LogEndOffset',
    'Lag',
    'LastFetchTimestamp',
    'LastCaughtUpTimestamp',
    'Status',
  ];
  for (const line of table(header, rows)) terminal.print(line);
}

/** What Apache shows where a directory has no id. */
const NO_DIRECTORY = 'AAAAAAAAAAAAAAAAAAAAAA';

function leaderOf({ leaderId, voters }: QuorumState): QuorumReplica {
  const leader = voters.find(({ id }) => id === leaderId);
  if (leader !== undefined) return leader;
  throw new CommandFault(`the quorum says that ${leaderId} leads, which is none of its voters; ask again in a moment.`);
}

function describeReplica({ id, directoryId, endpoints }: QuorumReplica): string {
  const parts = [
    `"id": ${id}`,
    `"directoryId": ${directoryId === undefined ? null : `"${directoryId}"`}`,
    ...(endpoints.length === 0 ? [] : [`"endpoints": [${endpoints.map((one) => `"${urlOf(one)}"`).join(', ')}]`]),
  ];
  return `{${parts.join(', ')}}`;
}

async function add(given: Arguments, terminal: Terminal): Promise<ExitCode> {
  const file = given.required('command-config', 'name the properties of the controller that shall vote');
  const { readKraftSettings } = await import('@biquorum/kraft');
  const settings = readKraftSettings((await readProperties(file)) as Map<string, string>);
  if (!settings.roles.has('controller'))
    throw new UsageError(`${file}: process.roles says that this is no controller.`);
  const id = settings.nodeId;
  const directoryId = await directoryIdOf(settings.metadataDirectory);
  const endpoints = settings.advertisedControllerListeners.map(({ listener, host, port }) => ({
    name: listener,
    host: host === '' ? 'localhost' : host,
    port,
  }));
  const what = `controller ${id} with directory id ${directoryId} and endpoints: ${endpoints.map(urlOf).join(', ')}`;
  const dryRun = given.has('dry-run');
  if (!dryRun) await withClient(given, (client) => addVoter(client, { id, directoryId }, endpoints), 'no-config');
  if (given.has('json')) terminal.print(JSON.stringify({ added: !dryRun, id, directoryId, endpoints }));
  else terminal.print(dryRun ? `DRY RUN of adding ${what}` : `Added ${what}`);
  return 0;
}

async function remove(given: Arguments, terminal: Terminal): Promise<ExitCode> {
  const id = given.whole('controller-id', 0, 0x7fff_ffff);
  if (id === undefined) throw new UsageError('--controller-id is missing: the node.id of the controller.');
  const text = given.required('controller-directory-id', '"describe --replication" shows it');
  const directoryId = readUuid(text);
  const what = `KRaft controller ${id} with directory id ${directoryId}`;
  const dryRun = given.has('dry-run');
  if (!dryRun) await withClient(given, (client) => removeVoter(client, { id, directoryId }));
  if (given.has('json')) terminal.print(JSON.stringify({ removed: !dryRun, id, directoryId }));
  else terminal.print(dryRun ? `DRY RUN of removing ${what}` : `Removed ${what}`);
  return 0;
}

async function directoryIdOf(directory: string): Promise<Uuid> {
  const file = join(directory, 'meta.properties');
  const { parseProperties } = await import('@biquorum/log');
  let id: string | undefined;
  try {
    id = parseProperties(file, readFileSync(file)).get('directory.id');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw new CommandFault(`${file} cannot be read (${error.code}); "biquorum storage format" makes it.`);
  }
  if (id === undefined) throw new CommandFault(`${file} has no directory.id; "biquorum storage format" gives one.`);
  return readUuid(id);
}

function readUuid(text: string): Uuid {
  if (!/^[\w-]{22}$/.test(text)) throw new UsageError(`${text} is no id; ids have 22 letters, digits, "-" and "_".`);
  return uuid(text);
}

function urlOf({ name, host, port }: VoterEndpoint): string {
  return `${name}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
