import { committedOffsets, describeGroup, type GroupMember, type GroupState } from '../client/groups.ts';
import type { KafkaClient } from '../client/kafka-client.ts';
import { keyOf, LATEST, listOffsets, type TopicPartition } from '../client/offsets.ts';
import { describeByMetadata } from '../client/topics.ts';
import type { Terminal } from '../command.ts';
import { table } from '../table.ts';

/** What is shown of a group. */
export type GroupView = 'offsets' | 'members' | 'state';

/** A partition that a group reads, or has read. */
interface OffsetRow extends TopicPartition {
  readonly currentOffset: number | undefined;
  readonly logEndOffset: number | undefined;
  readonly lag: number | undefined;
  readonly member: GroupMember | undefined;
}

/**
 * Prints one group, in the words of Apache's `kafka-consumer-groups --describe`.
 *
 * @returns whether there is such a group
 */
export async function describe(
  client: KafkaClient,
  group: string,
  { view, verbose, json }: { readonly view: GroupView; readonly verbose: boolean; readonly json: boolean },
  terminal: Terminal,
): Promise<boolean> {
  const state = await describeGroup(client, group);
  const offsets = view === 'offsets' || json ? await offsetRows(client, state) : [];
  // A group without members and state may still have committed something, in brokers before 3.9.
  const exists = state.state !== 'Dead' || offsets.length > 0;
  if (!exists) {
    terminal.complain(
      `Error: Consumer group '${group}' does not exist. "biquorum consumer-groups --list" shows what there is.`,
    );
    return false;
  }
  if (json) {
    terminal.print(JSON.stringify(asJson(state, offsets)));
    return true;
  }
  switch (view) {
    case 'offsets':
      sayState(state, offsets.length, terminal);
      if (offsets.length > 0) printOffsets(state, offsets, terminal);
      break;
    case 'members':
      sayState(state, state.members.length, terminal);
      printMembers(state, verbose, terminal);
      break;
    case 'state':
      sayState(state, 1, terminal);
      await printState(client, state, terminal);
      break;
  }
  return true;
}

async function offsetRows(client: KafkaClient, { group, members }: GroupState): Promise<readonly OffsetRow[]> {
  const committed = await committedOffsets(client, group);
  const owners = new Map(members.flatMap((member) => member.assignment.map((one) => [keyOf(one), member] as const)));
  const all = new Map<string, TopicPartition>(committed);
  for (const { assignment } of members) for (const one of assignment) all.set(keyOf(one), one);
  const ends = await endOffsets(client, [...all.values()]);
  const rows = [...all].map(([key, { topic, partition }]): OffsetRow => {
    const currentOffset = committed.get(key)?.offset;
    const logEndOffset = ends.get(key);
    const lag = currentOffset === undefined || logEndOffset === undefined ? undefined : logEndOffset - currentOffset;
    return { topic, partition, currentOffset, logEndOffset, lag, member: owners.get(key) };
  });
  return rows.toSorted((left, right) =>
    left.topic === right.topic ? left.partition - right.partition : left.topic < right.topic ? -1 : 1,
  );
}

/** Ends of logs, of those partitions that exist and have leaders: a group may remember deleted topics. */
async function endOffsets(
  client: KafkaClient,
  partitions: readonly TopicPartition[],
): Promise<ReadonlyMap<string, number>> {
  const topics = await describeByMetadata(client, [...new Set(partitions.map(({ topic }) => topic))]);
  const led = new Set(
    topics.flatMap(({ name, partitions: all }) =>
      all.filter(({ leader }) => leader >= 0).map(({ partition }) => keyOf({ topic: name, partition })),
    ),
  );
  return listOffsets(
    client,
    partitions.filter((one) => led.has(keyOf(one))),
    LATEST,
  );
}

/** What is said beside the table about a group that is not simply at work. */
function sayState({ group, state, members }: GroupState, rows: number, terminal: Terminal): void {
  if (state === 'Stable') return;
  if (members.length === 0 && (state === 'Empty' || state === 'Dead')) {
    terminal.complain(`\nConsumer group '${group}' has no active members.`);
  } else if (rows > 0 || state !== 'Stable') {
    terminal.complain(`\nWarning: Consumer group '${group}' is rebalancing.`);
  }
}

function printOffsets({ group, members }: GroupState, rows: readonly OffsetRow[], terminal: Terminal): void {
  const header = [
    'GROUP',
    'TOPIC',
    'PARTITION',
    'CURRENT-OFFSET',
    'LOG-END-OFFSET',
    'LAG',
    'CONSUMER-ID',
    'HOST',
    'CLIENT-ID',
  ];
  const lines = rows.map(({ topic, partition, currentOffset, logEndOffset, lag, member }) => [
    group,
    topic,
    String(partition),
    orDash(currentOffset),
    orDash(logEndOffset),
    orDash(lag),
    orDash(member?.memberId),
    orDash(member?.host),
    orDash(member?.clientId),
  ]);
  const idle = members
    .filter(({ assignment }) => assignment.length === 0)
    .map(({ memberId, host, clientId }) => [group, '-', '-', '-', '-', '-', memberId, host, clientId]);
  terminal.print('');
  for (const line of table(header, [...lines, ...idle])) terminal.print(line);
}

function printMembers({ group, members }: GroupState, verbose: boolean, terminal: Terminal): void {
  const withInstances = members.some(({ instanceId }) => instanceId !== null);
  const header = [
    'GROUP',
    'CONSUMER-ID',
    ...(withInstances ? ['GROUP-INSTANCE-ID'] : []),
    'HOST',
    'CLIENT-ID',
    '#PARTITIONS',
    ...(verbose ? ['ASSIGNMENT'] : []),
  ];
  const rows = members.map(({ memberId, instanceId, host, clientId, assignment }) => [
    group,
    memberId,
    ...(withInstances ? [orDash(instanceId ?? undefined)] : []),
    host,
    clientId,
    String(assignment.length),
    ...(verbose ? [assignmentText(assignment)] : []),
  ]);
  terminal.print('');
  for (const line of table(header, rows)) terminal.print(line);
}

async function printState(client: KafkaClient, state: GroupState, terminal: Terminal): Promise<void> {
  const { nodes } = await client.nodes();
  const node = nodes.find(({ id }) => id === state.coordinator);
  const coordinator = node === undefined ? `(${state.coordinator})` : `${node.host}:${node.port} (${node.id})`;
  const header = ['GROUP', 'COORDINATOR (ID)', 'ASSIGNMENT-STRATEGY', 'STATE', '#MEMBERS'];
  const row = [state.group, coordinator, state.assignor, state.state, String(state.members.length)];
  terminal.print('');
  for (const line of table(header, [row])) terminal.print(line);
}

function assignmentText(assignment: readonly TopicPartition[]): string {
  const topics = new Map<string, number[]>();
  for (const { topic, partition } of assignment) topics.set(topic, [...(topics.get(topic) ?? []), partition]);
  if (topics.size === 0) return '-';
  return [...topics]
    .map(([topic, numbers]) => `${topic}(${numbers.toSorted((left, right) => left - right).join(',')})`)
    .toSorted()
    .join(', ');
}

function asJson({ group, coordinator, state, assignor, members }: GroupState, offsets: readonly OffsetRow[]): unknown {
  return {
    group,
    state,
    coordinator,
    assignor,
    members: members.map(({ memberId, instanceId, clientId, host, assignment }) => {
      return { memberId, instanceId, clientId, host, assignment };
    }),
    offsets: offsets.map(({ topic, partition, currentOffset, logEndOffset, lag, member }) => ({
      topic,
      partition,
      currentOffset: currentOffset ?? null,
      logEndOffset: logEndOffset ?? null,
      lag: lag ?? null,
      memberId: member?.memberId ?? null,
    })),
  };
}

function orDash(value: string | number | undefined): string {
  return value === undefined ? '-' : String(value);
}
