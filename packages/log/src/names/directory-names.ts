import { formatTopicPartition, type TopicPartition } from './topic-partition.ts';

/**
 * What a directory inside a log directory is for: a log in use, one that waits for its removal, the copy that a
 * move between log directories builds up, or a log that the metadata no longer places here.
 */
export type DirectoryKind = 'current' | 'delete' | 'future' | 'stray';

/** A directory name, taken apart. */
export interface PartitionDirectory extends TopicPartition {
  readonly kind: DirectoryKind;
}

const SUFFIXES: Readonly<Record<Exclude<DirectoryKind, 'current'>, string>> = {
  delete: '-delete',
  future: '-future',
  stray: '-stray',
};
const NAME_LENGTH_MAX = 255;
const PARTITION_MAX = 0x7fff_ffff;

/** Name of the directory that holds the log in use. */
export function currentDirectoryName(partition: TopicPartition): string {
  return formatTopicPartition(partition);
}

/**
 * Name of a directory that is no longer, or not yet, the log in use: `topic-N.<unique id>-delete` and the like. For
 * `delete` and `stray` the topic is cut so that the name has at most 255 characters, as file systems ask.
 *
 * Source: `LocalLog.logDirNameWithSuffixCappedLength`.
 *
 * @param uniqueId 32 hexadecimal digits that no other directory of this partition carries.
 */
export function suffixedDirectoryName(
  partition: TopicPartition,
  kind: Exclude<DirectoryKind, 'current'>,
  uniqueId: string,
): string {
  const ending = `-${partition.partition}.${uniqueId}${SUFFIXES[kind]}`;
  const topic = kind === 'future' ? partition.topic : partition.topic.slice(0, NAME_LENGTH_MAX - ending.length);
  return `${topic}${ending}`;
}

/**
 * Takes a directory name apart; undefined if it is not one of the forms above. A topic that was cut to fit comes back
 * cut.
 *
 * Source: `LocalLog.parseTopicPartitionName`.
 */
export function parseDirectoryName(name: string): PartitionDirectory | undefined {
  const kind = kindOf(name);
  const stem = kind === 'current' ? name : stemOf(name, SUFFIXES[kind]);
  if (stem === undefined) return undefined;
  const dash = stem.lastIndexOf('-');
  if (dash <= 0) return undefined;
  const digits = stem.slice(dash + 1);
  if (!/^\d{1,10}$/.test(digits) || Number(digits) > PARTITION_MAX) return undefined;
  return { kind, topic: stem.slice(0, dash), partition: Number(digits) };
}

function kindOf(name: string): DirectoryKind {
  if (name.endsWith(SUFFIXES.delete)) return 'delete';
  if (name.endsWith(SUFFIXES.future)) return 'future';
  if (name.endsWith(SUFFIXES.stray)) return 'stray';
  return 'current';
}

/** The part before `.<unique id><suffix>`; undefined without a unique id. */
function stemOf(name: string, suffix: string): string | undefined {
  const dot = name.lastIndexOf('.');
  return dot > 0 && dot + 1 < name.length - suffix.length ? name.slice(0, dot) : undefined;
}
