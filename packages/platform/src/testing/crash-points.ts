import type { Seed } from '@biquorum/std';
import type { Ports } from '../ports.ts';
import type { MemoryHost, MemoryHostOptions } from './memory-host.ts';
import type { UnsyncedFate } from './memory-inode.ts';
import { MemoryWorld } from './memory-world.ts';

/** What is run and looked at again and again by {@link atEveryCrashPoint}. `Log` is what the scenario tells of itself. */
export interface CrashScenario<Log> {
  readonly seed: Seed;
  readonly host?: MemoryHostOptions;
  /** What becomes of unsynced bytes and names; `kill` ends only the process. By default `random`. */
  readonly fate?: UnsyncedFate | 'kill';
  /**
   * Runs against the ports of a fresh host, and notes in the log what it has been promised. With the crash the log's own
   * fields are frozen: code that is called synchronously may go on in a dead process, as far as it needs no disk, and
   * what it says then was promised to nobody.
   */
  readonly run: (ports: Ports, log: Log) => Promise<void>;
  /** Makes the log of one run. */
  readonly createLog: () => Log;
  /** Looks, through the ports of a new process on the same host, at what the crash has left. */
  readonly verify: (ports: Ports, log: Log, point: CrashPoint) => Promise<void>;
}

/** Where a run was interrupted. */
export interface CrashPoint {
  /** The number of the operation that did not happen, counting only those that change something. */
  readonly index: number;
  /** What it would have been: `sync /data/0.log`. `the end` after the last one. */
  readonly description: string;
}

/**
 * Runs a scenario again and again, each time with a crash before another of the operations by which it changes the disk,
 * and after the last; then lets `verify` look at what was left.
 *
 * @returns How many points there were.
 * @throws What `verify` or the scenario throws, with the point as its message's beginning.
 */
export async function atEveryCrashPoint<Log>(scenario: CrashScenario<Log>): Promise<number> {
  for (let index = 0; ; index++) {
    const world = new MemoryWorld({ seed: scenario.seed });
    const host = world.addHost('crashing', scenario.host);
    const log = scenario.createLog();
    const description = await runUntilPoint(world, host, scenario, log, index);
    const point = { index, description: description ?? 'the end' };
    try {
      const ports = host.start();
      await world.run(() => scenario.verify(ports, log, point));
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`crash ${index}, before ${point.description}: ${reason}`, { cause });
    }
    if (description === undefined) return index + 1;
  }
}

/** @returns What was about to happen when the host crashed; undefined when the scenario had ended before. */
async function runUntilPoint<Log>(
  world: MemoryWorld,
  host: MemoryHost,
  scenario: CrashScenario<Log>,
  log: Log,
  crashIndex: number,
): Promise<string | undefined> {
  const { fate = 'random' } = scenario;
  const crash = (): void => {
    Object.freeze(log);
    if (fate === 'kill') host.kill();
    else host.powerOff(fate);
  };
  let changes = 0;
  let description: string | undefined;
  host.disk.onOperation = (step) => {
    if (!step.changes || changes++ !== crashIndex) return undefined;
    description = `${step.operation} ${step.path}`;
    return { kind: 'halt', halt: crash };
  };
  let ended = false;
  let failure: unknown;
  scenario.run(host.ports, log).then(
    () => {
      ended = true;
    },
    (error: unknown) => {
      failure = error;
      ended = true;
    },
  );
  await world.time.runUntil(() => ended || !host.running);
  host.disk.onOperation = undefined;
  if (host.running) {
    if (failure !== undefined) throw failure;
    crash();
  }
  return description;
}
