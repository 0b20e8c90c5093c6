import type { Ability, Agent, ConsumedRecord, Header, ProduceRecord, ReplyOf, RequestOf } from './agent-protocol.ts';
import type { ClusterUnderTest } from './cluster-under-test.ts';

/** One row of the matrix. */
export interface Scenario {
  /** Short, of `a-z` and `-`: part of names of topics and groups. */
  readonly id: string;
  /** The row's heading. */
  readonly title: string;
  /** A client that lacks one of these is not asked, and shown with a dash. */
  readonly needs: readonly Ability[];
  /** Whether it kills brokers: it then has a cluster to itself. */
  readonly kills: boolean;
  /** Fails by throwing. */
  run(stage: Stage): Promise<Finding>;
}

/** What there is to say of a scenario that passed; mostly nothing. */
export type Finding =
  | {
      /** Shown in the cell instead of a tick. */
      readonly detail: string;
      /** Shown below the table. */
      readonly notes?: readonly string[];
    }
  | undefined;

/** What a scenario is given: one client, another one that vouches for what it did, and a cluster. */
export interface Stage {
  readonly cluster: ClusterUnderTest;
  readonly subject: Agent;
  /** A client of other make than the subject: sets up, and looks at what came of it. */
  readonly witness: Agent;
  /** Starts one more agent of the subject's client, which ends with the scenario. */
  another(bootstrap?: readonly string[]): Promise<Agent>;
  /** Starts one more agent of the witness's client, which ends with the scenario. */
  anotherWitness(): Promise<Agent>;
  /** A name that nobody else uses, of a topic or a group. */
  name(suffix: string): string;
  /** Has the witness create a topic with three replicas; returns its name. */
  topic(partitions: number, configs?: Readonly<Record<string, string>>): Promise<string>;
  /** Repeats until the body says true. @throws Error when that takes too long */
  until(what: string, body: () => Promise<boolean>): Promise<void>;
}

/** How long records may take to come. */
const READ_MS = 20_000;

/** Writes records without compression, confirmed by all replicas. */
export async function write(agent: Agent, topic: string, records: readonly ProduceRecord[]): Promise<void> {
  await produce(agent, { topic, records, codec: 'none', idempotent: false });
}

/**
 * Writes records, confirmed by all replicas unless told otherwise. A client that cannot name partitions is only asked to write to topics of
 * one, and not told which.
 */
export function produce(
  agent: Agent,
  request: Omit<RequestOf<'produce'>, 'acks'>,
  acks: RequestOf<'produce'>['acks'] = -1,
): Promise<ReplyOf<'produce'>> {
  const placed = agent.hello.lacks['explicit-partition'] === undefined;
  const records = placed ? request.records : request.records.map(({ partition: _, ...rest }) => rest);
  return agent.ask('produce', { ...request, records, acks });
}

/** Reads a whole partition, which must have just so many records. */
export async function readAll(
  agent: Agent,
  topic: string,
  partition: number,
  count: number,
): Promise<readonly ConsumedRecord[]> {
  const { offset } = await agent.ask('listOffsets', { topic, partition, at: 'latest' });
  equal(offset, count, `records in ${topic}-${partition}`);
  if (count === 0) return [];
  const records = await readFrom(agent, topic, partition, { offset: 0 }, count);
  equal(
    records.map((it) => it.offset),
    records.map((_, index) => index),
    `offsets in ${topic}-${partition}`,
  );
  return records;
}

/** Reads so many records of a partition. */
export async function readFrom(
  agent: Agent,
  topic: string,
  partition: number,
  from: RequestOf<'consume'>['from'],
  count: number,
): Promise<readonly ConsumedRecord[]> {
  const { records } = await agent.ask('consume', { topic, partition, from, count, timeoutMs: READ_MS });
  return records;
}

/** What a record carries, as written and as read. */
export interface Content {
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: readonly Header[];
}

/** Key, value and headers alone, to compare what was written with what was read. */
export function contentOf({ key, value, headers = [] }: ProduceRecord | ConsumedRecord): Content {
  return { key, value, headers };
}

/** Records for one partition, numbered, with text beyond ASCII. */
export function numbered(count: number, partition: number, first = 0): readonly ProduceRecord[] {
  return Array.from({ length: count }, (_, index) => ({
    key: `ключ-${first + index}`,
    value: `${partition}/${first + index} — écrit`,
    partition,
  }));
}

/** @throws Error that shows both, cut to what can be read, when they are not equal */
export function equal(is: unknown, shouldBe: unknown, what: string): void {
  const [left, right] = [JSON.stringify(is), JSON.stringify(shouldBe)];
  if (left === right) return;
  let differs = 0;
  while (left[differs] === right[differs]) differs++;
  const around = (text: string): string => text.slice(Math.max(0, differs - 60), differs + 200);
  throw new Error(`${what}: ${around(left)} where ${around(right)} was expected`);
}

/** @throws Error when it does not hold */
export function holds(condition: boolean, what: string): void {
  if (!condition) throw new Error(what);
}
