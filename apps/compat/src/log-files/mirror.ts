import { deepStrictEqual } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Log, logConfig } from '@biquorum/log';
import { batchesOf } from '../oracle/batch-facts.ts';
import { contentsOf, filesOf } from './log-files-of.ts';
import { SEGMENT_BYTES, withOurLogs } from './our-logs.ts';

/** Files that Apache's broker and we must write alike. The transaction index is not among them: we keep none yet. */
const COMPARED = /\.(log|index|timeindex|snapshot)$|^leader-epoch-checkpoint$/;

/**
 * Gives our log the batches of logs that Apache's broker led, one by one as they came, and compares the files.
 *
 * @param source log directory that Apache's broker closed
 * @param topics names of topics none of whose records was ever removed
 * @param target an empty directory
 */
export async function checkMirror(source: string, topics: readonly string[], target: string): Promise<string> {
  const config = logConfig({ segmentBytes: SEGMENT_BYTES, retentionMs: -1 });
  await withOurLogs(target, { configOf: () => config }, async (logs) => {
    for (const topic of topics) {
      const log = await logs.create({ topic, partition: 0 });
      for (const path of filesOf(source, '.log').filter((file) => file.includes(`/${topic}-0/`))) feed(log, path);
    }
  });
  let count = 0;
  for (const topic of topics) {
    const ours = contentsOf(join(target, `${topic}-0`), (name) => COMPARED.test(name));
    const theirs = contentsOf(join(source, `${topic}-0`), (name) => COMPARED.test(name));
    deepStrictEqual([...ours.keys()], [...theirs.keys()], `files of ${topic}`);
    for (const [name, content] of theirs) deepStrictEqual(ours.get(name), content, `${topic}: ${name}`);
    count += theirs.size;
  }
  return `${count} files are equal`;
}

function feed(log: Log, path: string): void {
  for (const batch of batchesOf(new Uint8Array(readFileSync(path)))) {
    const result = log.appendAsFollower(batch.bytes.slice(batch.position, batch.end));
    if (result.kind !== 'appended') throw new Error(`our log refuses a batch of ${path}: ${JSON.stringify(result)}`);
  }
}
