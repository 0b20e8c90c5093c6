import { createTopicAgain, NodeAdmin } from '../deployment/admin.ts';
import { Deployment, type NodeProgram } from '../deployment/deployment.ts';
import { processorMs, residentMiB } from '../side-by-side/process-usage.ts';
import { median } from '../side-by-side/statistics.ts';
import { activeController, type FailoverTimes, failOver, untilServed } from './failover.ts';

/** How to measure. */
export interface ScaleSettings {
  readonly directory: string;
  /** Partitions that there are at each step; each is more than the one before. */
  readonly steps: readonly number[];
  /** How often the active controller is killed at each step. */
  readonly failovers: number;
  readonly onProgress: (text: string) => void;
}

/** What a cluster took with so many partitions. */
export interface ScaleStep {
  readonly partitions: number;
  /** From the first request to the last answer. */
  readonly createdMs: number;
  /** And until each was served by its leader. */
  readonly allServedMs: number;
  readonly failovers: readonly FailoverTimes[];
  /** Medians of the failovers. */
  readonly detectedMs: number;
  readonly committedMs: number;
  readonly failoverShownMs: number;
  /** Of every node stopped in order. */
  readonly stopMs: number;
  /** Of every node at once, until each says that it is ready. */
  readonly restartMs: number;
  /** From the start until each partition was served by its leader. */
  readonly servedMs: number;
  /** By node, in MiB: before the restart and after it. */
  readonly residentMiB: Readonly<Record<string, number>>;
  readonly restartedMiB: Readonly<Record<string, number>>;
  /** Processor time that the restart took, by node. */
  readonly restartProcessorMs: Readonly<Record<string, number>>;
}

/** Most partitions of one topic: with the topic's own record that is what one decision may hold. */
const PARTITIONS_PER_TOPIC = 5_000;

/**
 * Detection is told apart from the work that follows it, and so it may take long: a machine that is busy making a
 * hundred thousand directories must not take its nodes for dead.
 */
const PATIENT = {
  'controller.quorum.fetch.timeout.ms': 6_000,
  'controller.quorum.election.timeout.ms': 3_000,
  'controller.quorum.request.timeout.ms': 6_000,
  'broker.session.timeout.ms': 60_000,
};

/** Three brokers and a quorum of three, a process each: creates, kills, restarts at each number of partitions. */
export async function measureScale(program: NodeProgram, settings: ScaleSettings): Promise<readonly ScaleStep[]> {
  const { directory, onProgress } = settings;
  await using deployment = await Deployment.format(program, {
    directory,
    brokers: 3,
    controllers: 3,
    properties: PATIENT,
  });
  await deployment.startAll();
  await activeController(deployment);
  onProgress(`started: ${formatNodes(await resident(deployment))} MiB`);
  const names: string[] = [];
  const steps: ScaleStep[] = [];
  let existing = 0;
  for (const partitions of settings.steps) {
    const fromMs = performance.now();
    using admin = new NodeAdmin(deployment.brokers[0]?.address ?? '');
    while (existing < partitions) {
      const count = Math.min(PARTITIONS_PER_TOPIC, partitions - existing);
      const name = `scale-${names.length}`;
      await createTopicAgain(admin, { name, partitions: count, replicas: 1 });
      names.push(name);
      existing += count;
    }
    const createdMs = performance.now() - fromMs;
    onProgress(`${partitions} partitions: created in ${Math.round(createdMs)} ms`);
    await untilServed(deployment, names);
    const allServedMs = performance.now() - fromMs;
    const residentMiB = await resident(deployment);
    onProgress(`${partitions} partitions: served after ${Math.round(allServedMs)} ms, ${formatNodes(residentMiB)} MiB`);
    const failovers: FailoverTimes[] = [];
    for (let round = 0; round < settings.failovers; round++) {
      const times = await failOver(deployment);
      failovers.push(times);
      const { detectedMs, committedMs, shownMs } = times;
      onProgress(
        `${partitions} partitions: elected after ${Math.round(detectedMs)} ms, committed ${Math.round(committedMs)} ms later, shown ${Math.round(shownMs)} ms later`,
      );
    }
    const stopFromMs = performance.now();
    await deployment.stopAll();
    const startMs = performance.now();
    await deployment.startAll();
    const restartMs = performance.now() - startMs;
    await untilServed(deployment, names);
    const step: ScaleStep = {
      partitions,
      createdMs,
      allServedMs,
      failovers,
      detectedMs: median(failovers.map((times) => times.detectedMs)),
      committedMs: median(failovers.map((times) => times.committedMs)),
      failoverShownMs: median(failovers.map((times) => times.shownMs)),
      stopMs: startMs - stopFromMs,
      restartMs,
      servedMs: performance.now() - startMs,
      residentMiB,
      restartedMiB: await resident(deployment),
      restartProcessorMs: processor(deployment),
    };
    steps.push(step);
    onProgress(
      `${partitions} partitions: stopped in ${Math.round(step.stopMs)} ms, started in ${Math.round(restartMs)} ms, served after ${Math.round(step.servedMs)} ms; ${formatNodes(step.restartedMiB)} MiB; ${formatNodes(step.restartProcessorMs)} ms of processor time`,
    );
  }
  return steps;
}

/** The steps as Markdown. */
export function formatSteps(steps: readonly ScaleStep[]): string {
  const rows: readonly (readonly [string, (step: ScaleStep) => string])[] = [
    ['created, acknowledged, ms', (step) => ms(step.createdMs)],
    ['created, every partition served, ms', (step) => ms(step.allServedMs)],
    ['active controller killed: another is elected, ms', (step) => ms(step.detectedMs)],
    ['– from then to its first committed change, ms', (step) => ms(step.committedMs)],
    ['– from then until the last broker shows it, ms', (step) => ms(step.failoverShownMs)],
    ['everything stopped in order, ms', (step) => ms(step.stopMs)],
    ['everything started, ready, ms', (step) => ms(step.restartMs)],
    ['everything started, every partition served, ms', (step) => ms(step.servedMs)],
    ['resident memory, MiB', (step) => formatNodes(step.residentMiB)],
    ['resident memory after the restart, MiB', (step) => formatNodes(step.restartedMiB)],
    ['processor time of the restart, ms', (step) => formatNodes(step.restartProcessorMs)],
  ];
  const head = ['partitions', ...steps.map(({ partitions }) => partitions.toLocaleString('en'))];
  const lines = [head, head.map(() => '---'), ...rows.map(([title, of]) => [title, ...steps.map(of)])];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function ms(value: number): string {
  return Math.round(value).toLocaleString('en');
}

async function resident(deployment: Deployment): Promise<Record<string, number>> {
  const sizes = deployment.nodes.map(async ({ id, pid }) => [
    String(id),
    pid === undefined ? 0 : await residentMiB([pid]),
  ]);
  return Object.fromEntries(await Promise.all(sizes)) as Record<string, number>;
}

function processor(deployment: Deployment): Record<string, number> {
  return Object.fromEntries(
    deployment.nodes.map(({ id, pid }) => [String(id), pid === undefined ? 0 : (processorMs([pid]) ?? 0)]),
  );
}

function formatNodes(values: Readonly<Record<string, number>>): string {
  return Object.entries(values)
    .map(([id, value]) => `${id}: ${Math.round(value).toLocaleString('en')}`)
    .join(', ');
}
