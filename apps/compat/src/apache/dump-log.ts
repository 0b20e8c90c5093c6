import type { Java } from '../java/java.ts';

/** What `kafka-dump-log` says about a set of files. */
export interface Dump {
  /** Number of batches whose header it printed. */
  readonly batches: number;
  /** Number of records it iterated. */
  readonly records: number;
  /** Files that it dumped, by name. */
  readonly files: readonly string[];
  /** Indexes that passed the sanity check, or are empty. */
  readonly sound: readonly string[];
  /** Every line in which it found something wrong. */
  readonly problems: readonly string[];
}

/** What to look at, and how. */
export interface DumpSettings {
  /** Look at the structure of indexes only, instead of holding each entry against the log. */
  readonly indexSanity?: boolean;
  /** In which files gaps between batches are right, as in a compacted log; in none by default. */
  readonly gapsAllowed?: (path: string) => boolean;
}

/** Words with which `kafka.tools.DumpLogSegments` (3.9) begins a report of something wrong, and a batch or file that is not sound. */
const PROBLEMS = [
  /^Mismatches in :/,
  /^Found timestamp mismatch in :/,
  /^Found out of order timestamp in :/,
  /^The following indexed offsets are not found in the log/,
  /^Found \d+ invalid bytes at the end of /,
  /^Ignoring unknown file /,
  / isvalid: false/,
  /^Exception |^Caused by: /,
];
const GAPS = /^Non-consecutive offsets in (.*)$/;

/** Runs Apache's `kafka-dump-log` with deep iteration over files of logs. That it gives up is a problem too. */
export async function dumpLog(java: Java, files: readonly string[], settings: DumpSettings = {}): Promise<Dump> {
  const { indexSanity = false, gapsAllowed = () => false } = settings;
  const mode = indexSanity ? ['--index-sanity-check'] : ['--deep-iteration'];
  const args = [...mode, '--files', files.join(',')];
  const { stdout, stderr, status } = await java.run('kafka.tools.DumpLogSegments', args, { tolerant: true });
  const dump = parseDump(`${stdout}\n${stderr}`, gapsAllowed);
  if (status === 0) return dump;
  return { ...dump, problems: [...dump.problems, `it ended with status ${status}: ${stderr}`] };
}

/** Reads the tool's output. */
export function parseDump(output: string, gapsAllowed: (path: string) => boolean): Dump {
  let batches = 0;
  let records = 0;
  const dumped: string[] = [];
  const sound: string[] = [];
  const problems: string[] = [];
  for (const line of output.split('\n')) {
    if (line.startsWith('baseOffset: ')) batches++;
    else if (line.startsWith('| offset: ')) records++;
    else if (line.startsWith('Dumping ')) dumped.push(line.slice('Dumping '.length));
    else if (/ (passed sanity check|is empty)\.$/.test(line)) sound.push(line.slice(0, line.indexOf(' ')));
    const gapsIn = GAPS.exec(line)?.[1];
    if (gapsIn === undefined ? PROBLEMS.some((problem) => problem.test(line)) : !gapsAllowed(gapsIn))
      problems.push(line);
  }
  return { batches, records, files: dumped, sound, problems };
}
