import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Stage } from './kafka-calls.ts';
import { OURS_MAIN, runOurs } from './pair.ts';

const TOPIC = 'shared';
const GROUP = 'mixed';
const PARTITIONS = 4;
const SETTLED_WITHIN_MS = 60_000;
const STICKY = 'org.apache.kafka.clients.consumer.CooperativeStickyAssignor';

/** What a group looks like. */
interface GroupView {
  readonly state: string;
  readonly assignor: string;
  readonly members: readonly { readonly clientId: string; readonly assignment: readonly unknown[] }[];
}

/**
 * A consumer of Java's and ours are members of one group, whoever shares out: in the way that Java's takes by default,
 * and in the one in which members keep what does not move (KIP-429).
 */
export async function compareMembership({ cluster, java }: Stage): Promise<void> {
  const server = ['--bootstrap-server', cluster.bootstrap];
  const made = await runOurs('topics', [...server, '--create', '--topic', TOPIC, '--partitions', `${PARTITIONS}`]);
  if (made.status !== 0) throw new Error(made.stderr);
  const running: ChildProcess[] = [];
  const killAll = (): void => {
    for (const child of running) child.kill('SIGKILL');
  };
  process.once('exit', killAll);
  const begin = (command: string, args: readonly string[]): ChildProcess => {
    const child = spawn(command, args, { stdio: 'ignore' });
    running.push(child);
    return child;
  };
  const reads = (group: string): string[] => [...server, '--topic', TOPIC, '--group', group];
  const theirs = (group: string, ...more: string[]): ChildProcess =>
    begin('java', java.arguments('org.apache.kafka.tools.consumer.ConsoleConsumer', [...reads(group), ...more]));
  const ours = (group: string, ...more: string[]): ChildProcess =>
    begin(process.execPath, ['--conditions=@biquorum/source', OURS_MAIN, 'console-consumer', ...reads(group), ...more]);
  const strategy = ['--consumer-property', `partition.assignment.strategy=${STICKY}`];
  try {
    const first = ours(GROUP);
    await until(server, GROUP, 'range', [PARTITIONS]);
    // Ours shares out, so that nothing moves before it is given up.
    theirs(GROUP, ...strategy);
    await until(server, GROUP, 'cooperative-sticky', [PARTITIONS / 2, PARTITIONS / 2]);
    // And now Java's does.
    await stop(first);
    await until(server, GROUP, 'cooperative-sticky', [PARTITIONS]);
    ours(GROUP);
    await until(server, GROUP, 'cooperative-sticky', [PARTITIONS / 2, PARTITIONS / 2]);

    ours(`${GROUP}-by-default`);
    await until(server, `${GROUP}-by-default`, 'range', [PARTITIONS]);
    theirs(`${GROUP}-by-default`);
    await until(server, `${GROUP}-by-default`, 'range', [PARTITIONS / 2, PARTITIONS / 2]);
  } finally {
    await Promise.all(running.map(stop));
    process.off('exit', killAll);
  }
}

/** Waits until a group is at rest, and its members have so many partitions. */
async function until(
  server: readonly string[],
  group: string,
  assignor: string,
  partitions: readonly number[],
): Promise<void> {
  const deadlineMs = performance.now() + SETTLED_WITHIN_MS;
  for (;;) {
    const { stdout } = await runOurs('consumer-groups', [...server, '--describe', '--group', group, '--json']);
    const view = stdout === '' ? undefined : (JSON.parse(stdout) as GroupView);
    const counts = view?.members.map(({ assignment }) => assignment.length).toSorted((left, right) => left - right);
    const isSo = view?.state === 'Stable' && view.assignor === assignor && counts?.join() === partitions.join();
    if (isSo) return;
    if (performance.now() >= deadlineMs) {
      throw new Error(`group ${group} should have ${partitions.join(' and ')} partitions by ${assignor}: ${stdout}`);
    }
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 20_000);
  await ended;
  clearTimeout(late);
}
