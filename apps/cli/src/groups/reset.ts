import { commitOffsets, committedOffsets, describeGroup } from '../client/groups.ts';
import type { KafkaClient } from '../client/kafka-client.ts';
import { EARLIEST, keyOf, LATEST, listOffsets, type TopicPartition } from '../client/offsets.ts';
import { CommandFault, type Terminal, UsageError } from '../command.ts';
import type { ResetTarget } from './reset-target.ts';
import { partitionsOf, type TopicFlag } from './topic-flags.ts';

/** What shall be reset. */
export interface Reset {
  /** All topics that the group has committed offsets of, when undefined. */
  readonly topics: readonly TopicFlag[] | undefined;
  readonly target: ResetTarget;
  /** Commit it, in place of just telling what would be. */
  readonly execute: boolean;
}

/** An offset of a partition that is to be committed. */
export interface NewOffset extends TopicPartition {
  readonly offset: number;
}

/**
 * Works out offsets of a group, and commits them if that is wanted. Source: Java `ConsumerGroupCommand`.
 *
 * @throws CommandFault when the group has members: they would overwrite it
 */
export async function resetOffsets(
  client: KafkaClient,
  group: string,
  { topics, target, execute }: Reset,
  terminal: Terminal,
): Promise<readonly NewOffset[]> {
  const { state } = await describeGroup(client, group);
  if (state !== 'Empty' && state !== 'Dead') {
    throw new CommandFault(
      `Assignments can only be reset if the group '${group}' is inactive, but the current state is ${state}. Stop its consumers first; "--describe --members" shows them.`,
    );
  }
  const committed = await committedOffsets(client, group);
  const rows =
    target.kind === 'file' ? target.rows.filter((row) => row.group === undefined || row.group === group) : [];
  const partitions =
    target.kind === 'file' ? rows : topics === undefined ? [...committed.values()] : await partitionsOf(client, topics);
  if (partitions.length === 0) {
    throw new UsageError(`group ${group} has committed nothing that --all-topics could mean; name topics by --topic.`);
  }
  const offsets = await targetOffsets(client, partitions, target, committed, terminal);
  const wanted = partitions.map(({ topic, partition }) => {
    return { topic, partition, offset: offsets.get(keyOf({ topic, partition })) ?? 0 };
  });
  if (execute) await commitOffsets(client, group, wanted);
  return wanted;
}

type Offsets = ReadonlyMap<string, number>;

async function targetOffsets(
  client: KafkaClient,
  partitions: readonly TopicPartition[],
  target: ResetTarget,
  committed: ReadonlyMap<string, NewOffset>,
  terminal: Terminal,
): Promise<Offsets> {
  switch (target.kind) {
    case 'earliest':
      return listOffsets(client, partitions, EARLIEST);
    case 'latest':
      return listOffsets(client, partitions, LATEST);
    case 'offset':
      return within(client, partitions, () => target.offset, terminal);
    case 'file': {
      const rows = new Map(target.rows.map((row) => [keyOf(row), row.offset]));
      return within(client, partitions, (key) => rows.get(key) ?? 0, terminal);
    }
    case 'shift':
      return within(
        client,
        partitions,
        (key) => {
          const current = committed.get(key)?.offset;
          if (current !== undefined) return current + target.by;
          throw new CommandFault(
            `Cannot shift offset for partition ${key} since there is no current committed offset. Begin with --to-earliest or --to-latest.`,
          );
        },
        terminal,
      );
    case 'current': {
      const latest = await listOffsets(client, partitions, LATEST);
      return new Map([...latest].map(([key, end]) => [key, committed.get(key)?.offset ?? end]));
    }
    case 'time': {
      const found = await listOffsets(client, partitions, target.timestampMs);
      const latest = await listOffsets(client, partitions, LATEST);
      for (const { topic, partition } of partitions) {
        if ((found.get(keyOf({ topic, partition })) ?? -1) >= 0) continue;
        terminal.complain(
          `Warn: Partition ${partition} from topic ${topic} is empty. Falling back to latest known offset.`,
        );
      }
      return new Map([...found].map(([key, offset]) => [key, offset < 0 ? (latest.get(key) ?? 0) : offset]));
    }
  }
}

/** Offsets moved into what the logs hold. */
async function within(
  client: KafkaClient,
  partitions: readonly TopicPartition[],
  wanted: (key: string) => number,
  terminal: Terminal,
): Promise<Offsets> {
  const earliest = await listOffsets(client, partitions, EARLIEST);
  const latest = await listOffsets(client, partitions, LATEST);
  return new Map(
    partitions.map((one) => {
      const key = keyOf(one);
      const [least, most] = [earliest.get(key) ?? 0, latest.get(key) ?? 0];
      const offset = Math.min(Math.max(wanted(key), least), most);
      if (offset !== wanted(key)) {
        const [than, end] = offset === most ? ['higher', 'latest'] : ['lower', 'earliest'];
        terminal.complain(
          `New offset (${wanted(key)}) is ${than} than ${end} offset for topic partition ${key}. Value will be set to ${offset}`,
        );
      }
      return [key, offset];
    }),
  );
}
