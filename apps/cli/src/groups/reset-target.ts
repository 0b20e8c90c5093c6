import type { TopicPartition } from '../client/offsets.ts';
import { UsageError } from '../command.ts';
import { type Arguments, wholeNumber } from '../flags.ts';
import { readInputFile } from '../input-file.ts';

/** Where offsets shall go. */
export type ResetTarget =
  | { readonly kind: 'earliest' | 'latest' | 'current' }
  | { readonly kind: 'offset'; readonly offset: number }
  | { readonly kind: 'shift'; readonly by: number }
  | { readonly kind: 'time'; readonly timestampMs: number }
  | { readonly kind: 'file'; readonly rows: readonly FileRow[] };

/** A line of a file of offsets; without a group it is the one that is named. */
export interface FileRow extends TopicPartition {
  readonly group: string | undefined;
  readonly offset: number;
}

const TARGETS = [
  'to-earliest',
  'to-latest',
  'to-current',
  'to-offset',
  'shift-by',
  'to-datetime',
  'by-duration',
  'from-file',
] as const;

/** @throws UsageError when no target is named, or several, or one that makes no sense */
export function readTarget(given: Arguments, nowMs: number): ResetTarget {
  switch (given.oneOf(TARGETS)) {
    case 'to-earliest':
      return { kind: 'earliest' };
    case 'to-latest':
      return { kind: 'latest' };
    case 'to-current':
      return { kind: 'current' };
    case 'to-offset':
      return { kind: 'offset', offset: given.whole('to-offset', 0) ?? 0 };
    case 'shift-by':
      return { kind: 'shift', by: given.whole('shift-by', Number.MIN_SAFE_INTEGER) ?? 0 };
    case 'to-datetime':
      return { kind: 'time', timestampMs: readTime(given.value('to-datetime') ?? '') };
    case 'by-duration':
      return { kind: 'time', timestampMs: nowMs - readDuration(given.value('by-duration') ?? '') };
    case 'from-file':
      return { kind: 'file', rows: readRows(given.value('from-file') ?? '') };
  }
}

/** Milliseconds since 1970 of `YYYY-MM-DDTHH:mm:SS.sss`, in UTC where it names no zone, as Kafka has it. */
function readTime(text: string): number {
  const zoned = /(?:Z|[+-]\d{2}:?\d{2})$/.test(text) ? text : `${text}Z`;
  const timestampMs = /^\d{4}-\d{2}-\d{2}T/.test(text) ? Date.parse(zoned) : Number.NaN;
  if (Number.isNaN(timestampMs)) {
    throw new UsageError(`--to-datetime ${text} is no time such as 2026-01-31T12:00:00.000.`);
  }
  return timestampMs;
}

const DURATION = /^P(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/i;

/** Milliseconds of an ISO 8601 duration of days, hours, minutes and seconds: `P1DT2H`. */
function readDuration(text: string): number {
  const match = DURATION.exec(text);
  if (match === null || text.length < 3) {
    throw new UsageError(`--by-duration ${text} is no duration such as PT1H30M or P7D.`);
  }
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((part) => Number(part ?? 0));
  return Math.round((((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1_000);
}

/** Reads lines of `topic,partition,offset` or `group,topic,partition,offset`. */
function readRows(file: string): readonly FileRow[] {
  const text = new TextDecoder().decode(readInputFile('--from-file', file));
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const cells = line.split(',').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
      const [offset = '', partition = '', topic = '', group, ...more] = cells.toReversed();
      if (topic === '' || more.length > 0) {
        throw new UsageError(
          `--from-file ${file}: "${line}" is not topic,partition,offset, with or without a group first.`,
        );
      }
      return {
        group,
        topic,
        partition: wholeNumber(`${file}: partition`, partition, 0, 0x7fff_ffff),
        offset: wholeNumber(`${file}: offset`, offset, 0),
      };
    });
}
