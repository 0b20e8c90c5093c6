import { deepStrictEqual } from 'node:assert';
import { readFileSync, writeFileSync } from 'node:fs';
import { dumpLog } from '../apache/dump-log.ts';
import type { Java } from '../java/java.ts';
import type { Extent } from './java-logs.ts';
import { filesOf } from './log-files-of.ts';

/**
 * Has `kafka-dump-log` read every segment with deep iteration, hold every index entry against it, and check the
 * indexes' structure. Offsets must follow each other but in compacted topics.
 *
 * @throws {Error} with the lines in which the tool complains
 */
export async function checkDump(
  java: Java,
  directory: string,
  extent: Extent,
  compactedTopics: readonly string[],
): Promise<string> {
  const gapsAllowed = (path: string): boolean => compactedTopics.some((topic) => path.includes(`/${topic}-0/`));
  const logs = filesOf(directory, '.log', '.snapshot');
  const indexes = filesOf(directory, '.index', '.timeindex');
  const deep = await dumpLog(java, [...logs, ...indexes], { gapsAllowed });
  const sanity = await dumpLog(java, indexes, { indexSanity: true });
  deepStrictEqual([...deep.problems, ...sanity.problems], []);
  deepStrictEqual([...deep.files].sort(), [...logs, ...indexes].sort(), 'the tool left files out');
  deepStrictEqual({ batches: deep.batches, records: deep.records }, extent);
  deepStrictEqual(sanity.sound.length, indexes.length, 'indexes that passed the sanity check');
  return `${deep.files.length} files, ${deep.batches} batches, ${deep.records} records`;
}

/**
 * Damages one file at a time and checks that the tool complains: a check that always passes would prove nothing.
 * Leaves the directory as it was.
 */
export async function checkDamageIsSeen(java: Java, directory: string): Promise<string> {
  const damages: readonly (readonly [suffix: string, at: (length: number) => number])[] = [
    ['.log', (length) => length - 1],
    ['.index', () => 7],
    ['.timeindex', () => 7],
  ];
  for (const [suffix, at] of damages) {
    const path = filesOf(directory, suffix).find((file) => readFileSync(file).length >= 8);
    if (path === undefined) throw new Error(`no ${suffix} file holds anything`);
    const sound = readFileSync(path);
    const damaged = Uint8Array.from(sound);
    const position = at(sound.length);
    damaged[position] = (damaged[position] as number) ^ 1;
    writeFileSync(path, damaged);
    try {
      const { problems } = await dumpLog(java, filesOf(directory, '.log', suffix));
      if (problems.length === 0) throw new Error(`a changed bit in ${path} is not seen`);
    } finally {
      writeFileSync(path, sound);
    }
  }
  return `${damages.length} kinds of file`;
}
