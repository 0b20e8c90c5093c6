import type { PartitionOffset, TopicPartition } from '../../agent-protocol.ts';

/** What a cell holds that has nothing to say. */
const NONE = '-';

/** What `kafka-consumer-groups --describe --offsets` tells of a topic; partitions without a commit are left out. */
export function offsetsOf(lines: readonly string[], topic: string): readonly PartitionOffset[] {
  return rowsOf(lines)
    .map((row) => ({
      topic: row['TOPIC'] ?? '',
      partition: Number(row['PARTITION']),
      offset: Number(row['CURRENT-OFFSET']),
    }))
    .filter((it) => it.topic === topic && Number.isSafeInteger(it.offset));
}

/** The state in the table of `kafka-consumer-groups --describe --state`. */
export function stateOf(lines: readonly string[]): string {
  // The strategy's column is empty in a group without members, which moves the words: the state is the last but one.
  return lines.at(-1)?.trim().split(/\s+/).at(-2) ?? '';
}

/**
 * Who owns what in the table of `kafka-consumer-groups --describe --offsets`. That of `--members --verbose` leaves out
 * the names of topics in 3.9.
 */
export function assignmentsOf(lines: readonly string[]): readonly { readonly partitions: readonly TopicPartition[] }[] {
  const members = Map.groupBy(rowsOf(lines), (row) => row['CONSUMER-ID'] ?? NONE);
  members.delete(NONE);
  return [...members.values()].map((rows) => ({
    partitions: rows
      .map((row) => ({ topic: row['TOPIC'] ?? NONE, partition: Number(row['PARTITION']) }))
      .filter(({ topic }) => topic !== NONE),
  }));
}

/** Settings in the lines of `kafka-configs --describe --all`. */
export function configsOf(lines: readonly string[]): Readonly<Record<string, string | null>> {
  const configs: Record<string, string | null> = {};
  for (const line of lines) {
    const [, name, value] = /^ {2}([^=]+)=(.*) sensitive=(?:true|false) synonyms=\{/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) configs[name] = value === 'null' ? null : value;
  }
  return configs;
}

/** Rows by the words of the heading, for tables in which no cell is empty or has blanks. */
function rowsOf(lines: readonly string[]): readonly Readonly<Record<string, string>>[] {
  const at = lines.findIndex((line) => line.startsWith('GROUP '));
  if (at < 0) return [];
  const cells = (line: string): readonly string[] => line.trim().split(/\s+/);
  const names = cells(lines[at] ?? '');
  return lines
    .slice(at + 1)
    .filter((line) => line.trim() !== '')
    .map((line) => Object.fromEntries(cells(line).map((cell, index) => [names[index] ?? `${index}`, cell])));
}
