import { compressionCodecs } from '@biquorum/compression';
import type { AssignorName } from '../client/assignors.ts';
import { Fetcher, type FetcherOptions, type Position } from '../client/fetcher.ts';
import { GroupMember } from '../client/group-member.ts';
import { commitOffsets, committedOffsets } from '../client/groups.ts';
import type { KafkaClient } from '../client/kafka-client.ts';
import { KafkaError } from '../client/kafka-error.ts';
import { EARLIEST, keyOf, LATEST, listOffsets, type TopicPartition } from '../client/offsets.ts';
import type { ReadRecord } from '../client/read-batches.ts';

/** What is read, and until when. */
export interface ConsumeOptions extends Omit<FetcherOptions, 'codecs'> {
  /** Where reading begins: partitions with an offset each; or with a group, topics. */
  readonly from:
    | { readonly kind: 'partitions'; readonly positions: readonly Position[] }
    | {
        readonly kind: 'group';
        readonly group: string;
        readonly topics: readonly string[];
        readonly assignors: readonly AssignorName[];
      };
  readonly maxRecords: number | undefined;
  /** Reading ends when nothing has come for so long. */
  readonly idleTimeoutMs: number | undefined;
  /** Reading ends when this resolves. */
  readonly stopped: Promise<unknown>;
  readonly onRecord: (record: ReadRecord) => Promise<void>;
}

const COMMIT_EVERY_MS = 5_000;

/** Reads records until it is told to stop. @returns how many */
export async function consume(client: KafkaClient, options: ConsumeOptions): Promise<number> {
  const state: Reading = { count: 0, lastMs: client.clock.monotonicMs(), isStopped: false };
  void options.stopped.then(() => {
    state.isStopped = true;
  });
  const { from } = options;
  if (from.kind === 'partitions') {
    await read(client, from.positions, options, state, () => Promise.resolve(true));
    return state.count;
  }
  const member = new GroupMember(client, from.group, from.topics, from.assignors);
  try {
    while (!isOver(client, options, state)) await consumeGeneration(client, member, from.group, options, state);
  } finally {
    await member.leave();
  }
  return state.count;
}

interface Reading {
  count: number;
  /** When the last record came, on the monotonic clock. */
  lastMs: number;
  isStopped: boolean;
}

/** From joining until the group shares its partitions out anew, or the end. */
async function consumeGeneration(
  client: KafkaClient,
  member: GroupMember,
  group: string,
  options: ConsumeOptions,
  state: Reading,
): Promise<void> {
  const assignment = await member.join();
  const before = await committedOffsets(client, group);
  const positions = await startOf(client, before, assignment, options);
  // Of partitions without an offset the start is committed, too: what comes later is not to be missed.
  const committed = new Map([...before].map(([key, { offset }]) => [key, offset]));
  const commit = async (): Promise<void> => {
    const moved = positions.filter((position) => committed.get(keyOf(position)) !== position.offset);
    if (moved.length === 0) return;
    try {
      await commitOffsets(client, group, moved, member.committer);
      for (const position of moved) committed.set(keyOf(position), position.offset);
    } catch (error) {
      // The group has gone on without this member: others read these records again.
      if (!(error instanceof KafkaError && REBALANCED.has(error.code))) throw error;
    }
  };
  let commitMs = client.clock.monotonicMs() + COMMIT_EVERY_MS;
  await read(client, positions, options, state, async () => {
    if (client.clock.monotonicMs() >= commitMs) {
      await commit();
      commitMs = client.clock.monotonicMs() + COMMIT_EVERY_MS;
    }
    return !member.isStale;
  });
  await commit();
}

const REBALANCED: ReadonlySet<string> = new Set(['ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID', 'REBALANCE_IN_PROGRESS']);

/** @param goOn asked between two looks */
async function read(
  client: KafkaClient,
  positions: readonly Position[],
  options: ConsumeOptions,
  state: Reading,
  goOn: () => Promise<boolean>,
): Promise<void> {
  const fetcher = new Fetcher(client, positions, { ...options, codecs: compressionCodecs() });
  const byKey = new Map(positions.map((position) => [keyOf(position), position]));
  while (!isOver(client, options, state)) {
    for (const record of await fetcher.poll()) {
      if (isOver(client, options, state)) {
        // What was fetched and not printed is not read.
        const position = byKey.get(keyOf(record)) as Position;
        position.offset = Math.min(position.offset, record.offset);
        continue;
      }
      await options.onRecord(record);
      state.count++;
      state.lastMs = client.clock.monotonicMs();
    }
    if (!(await goOn())) return;
  }
}

function isOver(client: KafkaClient, { maxRecords, idleTimeoutMs }: ConsumeOptions, state: Reading): boolean {
  if (state.isStopped || (maxRecords !== undefined && state.count >= maxRecords)) return true;
  return idleTimeoutMs !== undefined && client.clock.monotonicMs() - state.lastMs >= idleTimeoutMs;
}

/** Committed offsets; where there are none, the end that new groups begin at. */
async function startOf(
  client: KafkaClient,
  committed: Awaited<ReturnType<typeof committedOffsets>>,
  assignment: readonly TopicPartition[],
  { reset, isolation }: ConsumeOptions,
): Promise<readonly Position[]> {
  const fresh = assignment.filter((one) => !committed.has(keyOf(one)));
  const ends = await listOffsets(client, fresh, reset === 'earliest' ? EARLIEST : LATEST, isolation);
  return assignment.map(({ topic, partition }) => {
    const key = keyOf({ topic, partition });
    return { topic, partition, offset: committed.get(key)?.offset ?? ends.get(key) ?? 0 };
  });
}
