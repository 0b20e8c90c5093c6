import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { errorCode } from '@biquorum/kafka-wire';
import type { Agent, Client, StartAgent } from './agent-protocol.ts';
import { AgentError } from './agent-protocol.ts';
import type { ClusterUnderTest } from './cluster-under-test.ts';
import { oneAtATime } from './one-at-a-time.ts';
import type { Finding, Scenario, Stage } from './scenario.ts';

const PATIENCE_MS = 60_000;
const LOOK_EVERY_MS = 50;

/** What one client did in one scenario. */
export type Outcome =
  | { readonly kind: 'passed'; readonly finding: Finding }
  /** It has not what the scenario needs, for these reasons. */
  | { readonly kind: 'lacking'; readonly reasons: readonly string[] }
  | { readonly kind: 'failed'; readonly failure: string };

/** A client that can be started. */
export interface ReadyClient {
  readonly client: Client;
  readonly start: StartAgent;
}

/** The two clients of a job, started on its cluster. */
export interface Cast extends AsyncDisposable {
  readonly subject: Agent;
  readonly witness: Agent;
  readonly startSubject: StartAgent;
  readonly startWitness: StartAgent;
  /** Begins the names of topics and groups. */
  readonly id: string;
  /** How long what has to come about may take. */
  readonly patienceMs: number;
}

/** Starts the main agents of a client and of the one that vouches for it. */
export async function castOf(cluster: ClusterUnderTest, subject: ReadyClient, witness: ReadyClient): Promise<Cast> {
  const agents: Agent[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(agents.map((agent) => agent.close()));
  };
  try {
    for (const { start } of [subject, witness]) agents.push(oneAtATime(await start(cluster.bootstrap)));
  } catch (error) {
    await close();
    throw error;
  }
  const [first, second] = agents;
  if (first === undefined || second === undefined) throw new Error('both agents were started');
  return {
    subject: first,
    witness: second,
    startSubject: subject.start,
    startWitness: witness.start,
    id: subject.client.id,
    patienceMs: PATIENCE_MS,
    [Symbol.asyncDispose]: close,
  };
}

/** Plays one scenario, if the client has what it needs, and closes what was started for it. */
export async function play(scenario: Scenario, cluster: ClusterUnderTest, cast: Cast): Promise<Outcome> {
  const { lacks } = cast.subject.hello;
  const reasons = scenario.needs.flatMap((ability) => lacks[ability] ?? []);
  if (reasons.length > 0) return { kind: 'lacking', reasons: [...new Set(reasons)] };
  const others: Agent[] = [];
  const stage = stageOf(scenario, cluster, cast, others);
  try {
    return { kind: 'passed', finding: await scenario.run(stage) };
  } catch (error) {
    return { kind: 'failed', failure: failureOf(error) };
  } finally {
    await Promise.all(others.map((agent) => agent.close()));
  }
}

/** A failure as a reader of the report wants it: with what the client called it. */
export function failureOf(error: unknown): string {
  if (error instanceof AgentError) return `${error.name} (${error.code ?? 'no code'}): ${error.message}`;
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? `\nbecause of ${error.cause.message}` : '';
  return `${error.stack ?? error.message}${cause}`;
}

function stageOf(scenario: Scenario, cluster: ClusterUnderTest, cast: Cast, others: Agent[]): Stage {
  let topics = 0;
  const start = async (startAgent: StartAgent, bootstrap: readonly string[]): Promise<Agent> => {
    const agent = await startAgent(bootstrap);
    others.push(agent);
    return agent;
  };
  const name = (suffix: string): string => `${cast.id}-${scenario.id}-${suffix}`;
  return {
    cluster,
    subject: cast.subject,
    witness: cast.witness,
    name,
    another: (bootstrap = cluster.bootstrap) => start(cast.startSubject, bootstrap),
    anotherWitness: () => start(cast.startWitness, cluster.bootstrap),
    async topic(partitions, configs = {}) {
      topics++;
      const topic = name(`${topics}`);
      // Nobody else uses the name: whoever finds it taken has asked again after an answer that was late.
      await cast.witness.ask('createTopic', { topic, partitions, replicationFactor: 3, configs }).catch((error) => {
        if (!(error instanceof AgentError && error.code === errorCode('TOPIC_ALREADY_EXISTS'))) throw error;
      });
      for (let partition = 0; partition < partitions; partition++) await cluster.untilLeader(topic, partition);
      return topic;
    },
    async until(what, body) {
      const deadline = performance.now() + cast.patienceMs;
      while (!(await body())) {
        if (performance.now() > deadline) throw new Error(`${what}: not within ${cast.patienceMs} ms`);
        await pause(LOOK_EVERY_MS);
      }
    },
  };
}
