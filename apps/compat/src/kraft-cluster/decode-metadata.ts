import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ToolServer } from '../java/tool-server.ts';

/** What `kafka-dump-log --cluster-metadata-decoder` says about a metadata log. */
export interface DecodedMetadata {
  /** Logs and snapshots that it was given. */
  readonly files: readonly string[];
  readonly batches: number;
  /** The line of each record. */
  readonly records: readonly string[];
  /** Every line in which it found something wrong, or did not decode. */
  readonly problems: readonly string[];
}

/** A record that was decoded, or is one of the quorum's own. */
const READABLE = /payload: \{"type":|controlType: LEADER_CHANGE|SnapshotHeader|SnapshotFooter|KRaftVersion|KRaftVoters/;
const PROBLEM = /Could not|Exception|isvalid: false|^Found |^Mismatches|^Non-consecutive|^Ignoring/;

/** Has Apache's tool decode all logs and snapshots of the metadata log under a node's directory. */
export async function decodeMetadata(tools: ToolServer, data: string): Promise<DecodedMetadata> {
  const directory = join(data, '__cluster_metadata-0');
  const files = readdirSync(directory)
    .filter((name) => name.endsWith('.log') || name.endsWith('.checkpoint'))
    .map((name) => join(directory, name));
  const { stdout, stderr, status } = await tools.run('kafka-dump-log', [
    '--cluster-metadata-decoder',
    '--files',
    files.join(),
  ]);
  const lines = `${stdout}\n${stderr}`.split('\n');
  const records = lines.filter((line) => line.startsWith('| offset: '));
  const problems = [...lines.filter((line) => PROBLEM.test(line)), ...records.filter((line) => !READABLE.test(line))];
  for (const file of files) if (!lines.includes(`Dumping ${file}`)) problems.push(`${file} was not dumped`);
  if (status !== 0) problems.push(`it ended with status ${status}`);
  return { files, batches: lines.filter((line) => line.startsWith('baseOffset: ')).length, records, problems };
}
