import { countLost } from '../client/acknowledged.ts';
import { ClusterClient } from '../client/cluster-client.ts';
import type { NewTopic } from '../client/requests.ts';
import { Traffic } from '../client/traffic.ts';
import { Meter } from '../measure/meter.ts';
import type { RunningSide, SideOptions } from '../sides/side.ts';
import { trafficFigures, workFigures } from './rows.ts';
import type { Figures, ScenarioContext } from './scenario.ts';

/** The topic that records flow through while something happens. */
export const TOPIC = 'traffic';
const PARTITIONS = 6;
const REPLICAS = 3;

/** A cluster with records flowing, to which something is about to happen. */
export interface Stage {
  readonly side: RunningSide;
  readonly client: ClusterClient;
  readonly traffic: Traffic;
}

/**
 * Starts a cluster, lets records flow, lets `happen` do its part, and waits until records flow again. Then everything
 * that was acknowledged is looked for.
 */
export async function onStage(
  context: ScenarioContext,
  happen: (stage: Stage) => Promise<Figures>,
  options: Partial<SideOptions> = {},
): Promise<Figures> {
  const side = await context.start(options);
  using client = new ClusterClient(context, side);
  await client.create({ name: TOPIC, partitions: PARTITIONS, replicas: REPLICAS });
  await client.untilInSync([TOPIC]);
  await using traffic = new Traffic(context.ports, side, TOPIC, PARTITIONS);
  await traffic.untilFlowing(context.signal);
  const meter = await Meter.start(side);
  const fromMs = performance.now();
  const figures = await happen({ side, client, traffic });
  await traffic.untilFlowing(context.signal);
  const untilMs = performance.now();
  const work = workFigures(await meter.read());
  await traffic[Symbol.asyncDispose]();
  const lost = await Promise.all(
    traffic.acknowledged.map((all, partition) => countLost(client, { topic: TOPIC, partition }, all)),
  );
  return {
    ...figures,
    ...work,
    ...trafficFigures(traffic.times, fromMs, untilMs),
    lost: lost.reduce((sum, count) => sum + count),
  };
}

/** A moment on both clocks. */
export interface Moment {
  /** Monotonic, of this process. */
  readonly ms: number;
  /** Of the wall, as nodes tell it. */
  readonly wallMs: number;
}

/** This moment. */
export function now(): Moment {
  return { ms: performance.now(), wallMs: Date.now() };
}

/** Makes a topic as soon as that works, and waits until every broker shows it. Both in ms since the moment given. */
export async function untilAdministered(
  client: ClusterClient,
  since: Moment,
  topic: NewTopic,
): Promise<{ readonly usable: number; readonly shown: number }> {
  await client.create(topic);
  const usable = performance.now() - since.ms;
  const shown = await client.untilAllShow([topic.name], ({ topics }) => topics.get(topic.name) !== undefined);
  return { usable, shown: (shown.at(-1) ?? since.ms) - since.ms };
}
