import { cpSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Pair, runOurs } from './pair.ts';

/** Files below a directory by patterns, in the form in which tools take them. */
function filesOf(directory: string, ...patterns: readonly string[]): string {
  const files = patterns.flatMap((pattern) => globSync(pattern, { cwd: directory })).toSorted();
  if (files.length === 0) throw new Error(`${directory} has nothing that looks like ${patterns.join(' or ')}`);
  return files.map((file) => join(directory, file)).join(',');
}

/** Our tool ends with 1 where it has found something wrong, Apache's with 0. */
const FINDS = { ourStatus: 1 };

/** What both tools say of the files of a broker of ours: its logs, its metadata, its groups. */
export async function compareDumpsOfOurs(pair: Pair, live: string, scratch: string): Promise<void> {
  // Tools that look one after the other must look at the same.
  const data = join(scratch, 'dumped');
  cpSync(live, data, { recursive: true });
  const dump = dumpOf(pair);
  const logs = 'broker-1/{ours,theirs}-*/*.log';
  await dump('--files', filesOf(data, logs));
  await dump('--print-data-log', '--files', filesOf(data, logs));
  await dump('--print-data-log', '--skip-record-metadata', '--files', filesOf(data, logs));
  await dump('--max-bytes', '400', '--deep-iteration', '--files', filesOf(data, logs));
  await dump('--deep-iteration', '--files', filesOf(data, 'broker-*/*-*/*.{index,timeindex,snapshot}'));
  await dump('--offsets-decoder', '--files', filesOf(data, '*/__consumer_offsets-*/*.log'));
  const metadata = filesOf(data, '*/__cluster_metadata-0/*.{log,checkpoint}', '*/bootstrap.checkpoint');
  await dump('--cluster-metadata-decoder', '--files', metadata);
  await dump('--cluster-metadata-decoder', '--files', await firstSnapshot(scratch));
}

/** What both tools say of a broker of Apache's, transactions included, and of what is damaged. */
export async function compareDumpsOfTheirs(pair: Pair, data: string, scratch: string): Promise<void> {
  const dump = dumpOf(pair);
  await dump('--print-data-log', '--files', filesOf(data, '*-{idempotent,transactional,append-time}-0/*.log'));
  await dump('--deep-iteration', '--files', filesOf(data, '*/*.log', '*-0/*.{index,timeindex,snapshot,txnindex}'));
  await dump('--transaction-log-decoder', '--files', filesOf(data, '__transaction_state-0/*.log'));
  await dump('--index-sanity-check', '--files', filesOf(data, '*/*.{index,timeindex}'));
  const idempotent = filesOf(data, '*-idempotent-0/*.log');
  const integers = ['--key-decoder-class', 'org.apache.kafka.tools.api.IntegerDecoder'];
  await dump('--max-bytes', '3000', ...integers, '--files', idempotent);
  await pair.same('kafka-dump-log', ['--offsets-decoder', '--files', idempotent]);

  const damaged = join(scratch, 'damaged');
  mkdirSync(damaged);
  const name = '0'.repeat(20);
  const [source] = globSync('*-codec-none-0', { cwd: data });
  for (const ending of ['log', 'index', 'timeindex']) {
    cpSync(join(data, source ?? '', `${name}.${ending}`), join(damaged, `${name}.${ending}`));
  }
  flip(join(damaged, `${name}.index`), 3);
  flip(join(damaged, `${name}.timeindex`), 7);
  flip(join(damaged, `${name}.log`), 100);
  await dumpOf(pair, FINDS)('--files', filesOf(damaged, '*.index'));
  await dumpOf(pair, FINDS)('--verify-index-only', '--files', filesOf(damaged, '*.timeindex'));
  await dump('--files', filesOf(damaged, '*.log'));
}

function dumpOf(pair: Pair, how: object = {}): (...args: readonly string[]) => Promise<void> {
  return (...args) => pair.same('kafka-dump-log', args, how);
}

/** The snapshot that a quorum of changeable voters begins with: it names them. */
async function firstSnapshot(scratch: string): Promise<string> {
  const logs = join(scratch, 'formatted');
  const properties = join(scratch, 'formatted.properties');
  writeFileSync(
    properties,
    `process.roles=controller\nnode.id=7\ncontroller.listener.names=CONTROLLER\nlisteners=CONTROLLER://127.0.0.1:9093\ncontroller.quorum.bootstrap.servers=127.0.0.1:9093\nlog.dirs=${logs}\n`,
  );
  const id = 'MkU3OEVBNTcwNTJENDM2Qg';
  const { status, stderr } = await runOurs('storage', [
    'format',
    '--standalone',
    '--cluster-id',
    id,
    '--config',
    properties,
  ]);
  if (status !== 0) throw new Error(stderr);
  return filesOf(logs, '__cluster_metadata-0/*.checkpoint');
}

function flip(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(path, bytes);
}
