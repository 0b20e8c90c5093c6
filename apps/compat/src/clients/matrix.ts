import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Mode } from '../mode.ts';
import type { Client, ClientContext, Hello } from './agent-protocol.ts';
import { type ClusterUnderTest, makerOf } from './cluster-under-test.ts';
import { castOf, failureOf, type Outcome, play, type ReadyClient } from './play.ts';
import type { Sabotage } from './sabotage.ts';
import type { Scenario } from './scenario.ts';

/** One client's part of the matrix. */
export interface Column {
  readonly client: Client;
  /** Who it says it is; undefined if it could not be started. */
  hello: Hello | undefined;
  /** How each scenario went, as soon as it went. */
  readonly outcomes: ReadonlyMap<Scenario, Promise<Outcome>>;
}

/** What is to be run. */
export interface MatrixOptions {
  readonly mode: Mode;
  readonly clients: readonly Client[];
  /** Those of them that are asked; the others can vouch. */
  readonly subjects: readonly Client[];
  readonly scenarios: readonly Scenario[];
  readonly context: ClientContext;
}

/** Clients that vouch for the others, in order: the first that is of other make than the subject. */
const WITNESSES = ['confluent-kafka', 'kafka-python'];
/** How many clients are at work at once; most of the time they wait. */
const CLIENTS_AT_ONCE = 4;
const DEATHS_AT_ONCE = 1;
/** How many scenarios of a client run at once. */
const SCENARIOS_AT_ONCE = 3;

const COMMON = { 'auto.create.topics.enable': 'false', 'group.min.session.timeout.ms': '1000' };
/** Brokers whose death is noticed soon. */
const MORTAL: Readonly<Record<Mode, Readonly<Record<string, string>>>> = {
  // Under a quorum nobody waits for the session of a broker that is gone.
  kraft: COMMON,
  zookeeper: { ...COMMON, 'zookeeper.session.timeout.ms': '2000' },
  reference: { ...COMMON, 'broker.session.timeout.ms': '500', 'broker.heartbeat.interval.ms': '100' },
};

/** How long a scenario waits for what a saboteur keeps from it; what goes right takes a fraction of it. */
const SABOTAGE_PATIENCE_MS = 8_000;
const SABOTAGES_AT_ONCE = 4;

/**
 * Has a client do wrong what scenarios look at, one thing after the other.
 *
 * @returns what was not found, or found for another reason
 */
export async function missedSabotage(
  { mode, clients, scenarios, context }: Omit<MatrixOptions, 'subjects'>,
  sabotages: readonly Sabotage[],
): Promise<readonly string[]> {
  const [subject, witness] = await Promise.all(
    WITNESSES.map((id) => {
      const client = clients.find((it) => it.id === id);
      if (client === undefined) throw new Error(`there is no client ${id}`);
      return prepare(client, context);
    }),
  );
  if (subject === undefined || witness === undefined) throw new Error('it takes two');
  await using maker = await makerOf(mode);
  await using cluster = await maker.start(COMMON);
  await using cast = await castOf(cluster, subject, witness);
  const missed: string[] = [];
  await inLanes(SABOTAGES_AT_ONCE, [...sabotages.entries()], async ([index, { scenario: id, what, found, spoil }]) => {
    const scenario = scenarios.find((it) => it.id === id);
    if (scenario === undefined) throw new Error(`there is no scenario ${id}`);
    const outcome = await play(scenario, cluster, {
      ...cast,
      subject: spoil(cast.subject),
      startSubject: async (bootstrap) => spoil(await cast.startSubject(bootstrap)),
      id: `sabotage-${index}`,
      patienceMs: SABOTAGE_PATIENCE_MS,
    });
    if (outcome.kind !== 'failed') missed.push(`${scenario.title}: ${what}`);
    else if (!found.test(outcome.failure)) missed.push(`${scenario.title}: ${what}, but ${outcome.failure}`);
  });
  return missed;
}

/** Starts every client on every scenario, and returns at once; the outcomes come one by one. */
export function runMatrix(options: MatrixOptions): {
  readonly columns: readonly Column[];
  readonly end: Promise<void>;
} {
  const cells = options.subjects.map((client) => ({ client, settle: new Map<Scenario, (outcome: Outcome) => void>() }));
  const columns = cells.map(({ client, settle }): Column => {
    const outcomes = new Map<Scenario, Promise<Outcome>>();
    for (const scenario of options.scenarios) {
      const { promise, resolve } = Promise.withResolvers<Outcome>();
      outcomes.set(scenario, promise);
      settle.set(scenario, resolve);
    }
    return { client, hello: undefined, outcomes };
  });
  const jobs = cells.map(({ client, settle }, index) => ({ client, settle, column: columns[index] as Column }));
  return { columns, end: runJobs(options, jobs) };
}

interface Job {
  readonly client: Client;
  readonly settle: ReadonlyMap<Scenario, (outcome: Outcome) => void>;
  readonly column: Column;
}

async function runJobs({ mode, clients, scenarios, context }: MatrixOptions, jobs: readonly Job[]): Promise<void> {
  const prepared = new Map<string, Promise<ReadyClient>>();
  const ready = (client: Client): Promise<ReadyClient> => {
    const preparing = prepared.get(client.id) ?? prepare(client, context);
    prepared.set(client.id, preparing);
    return preparing;
  };
  const witnessOf = (subject: Client): Promise<ReadyClient> => {
    const vouching = WITNESSES.map((id) => clients.find((it) => it.id === id));
    const witness = vouching.find((it) => it !== undefined && it.kinship !== subject.kinship);
    if (witness === undefined) throw new Error(`of ${WITNESSES.join(', ')} none can vouch for ${subject.id}`);
    return ready(witness);
  };
  await using maker = await makerOf(mode);
  const shared = maker.start(COMMON);
  shared.catch(() => {});
  const alive = jobs.map((job) => async () => {
    const own = scenarios.filter(({ kills }) => !kills);
    await playAll(await shared, job, own);
  });
  const deadly = jobs.map((job) => async () => {
    await using cluster = await maker.start(MORTAL[mode]);
    const own = scenarios.filter(({ kills }) => kills);
    await playAll(cluster, job, own);
  });

  async function playAll(cluster: ClusterUnderTest, job: Job, own: readonly Scenario[]): Promise<void> {
    try {
      await using cast = await castOf(cluster, await ready(job.client), await witnessOf(job.client));
      job.column.hello = cast.subject.hello;
      await inLanes(SCENARIOS_AT_ONCE, own, async (scenario) => {
        job.settle.get(scenario)?.(await play(scenario, cluster, cast));
      });
    } catch (error) {
      for (const scenario of own) job.settle.get(scenario)?.({ kind: 'failed', failure: failureOf(error) });
    }
  }

  try {
    // Deaths take clusters of their own, all in this process: with many at once they would die of each other.
    await Promise.all([
      inLanes(CLIENTS_AT_ONCE, alive, (job) => job()),
      inLanes(DEATHS_AT_ONCE, deadly, (job) => job()),
    ]);
  } finally {
    await (await shared)[Symbol.asyncDispose]();
  }
}

async function prepare(client: Client, context: ClientContext): Promise<ReadyClient> {
  const scratch = join(context.scratch, client.id);
  mkdirSync(scratch, { recursive: true });
  return { client, start: await client.prepare({ ...context, scratch }) };
}

/** Works through items, so many at once. */
async function inLanes<Item>(
  lanes: number,
  items: readonly Item[],
  body: (item: Item) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await body(next);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
