import { ClaimFailed } from '@biquorum/platform/testing';
import { PlaneError, type PlaneFault } from '../../host.ts';
import type { Subject } from './kit.ts';

/** Long enough for sessions to expire and controllers to be replaced in any mode. Virtual milliseconds. */
const PATIENCE_MS = 120_000;
const LOOK_EVERY_MS = 5;

/** @throws ClaimFailed */
export function check(condition: boolean, what: string): asserts condition {
  if (!condition) throw new ClaimFailed(what);
}

/** Compares plain data by its JSON. @throws ClaimFailed */
export function equal(actual: unknown, expected: unknown, what: string): void {
  const [found, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  check(found === wanted, `${what}: ${found} instead of ${wanted}`);
}

/** Waits until a condition holds. @throws ClaimFailed when it does not for two minutes. */
export async function eventually(ports: Subject['ports'], condition: () => boolean, what: string): Promise<void> {
  const giveUpMs = ports.clock.monotonicMs() + PATIENCE_MS;
  while (!condition()) {
    check(ports.clock.monotonicMs() < giveUpMs, `${what}: not within ${PATIENCE_MS} ms`);
    await elapse(ports, LOOK_EVERY_MS);
  }
}

/** Waits for a promise. @throws ClaimFailed when it is still open after two minutes; what it rejects with. */
export async function within<Value>(ports: Subject['ports'], work: Promise<Value>, what: string): Promise<Value> {
  let settled = false;
  const mark = (): void => {
    settled = true;
  };
  work.then(mark, mark);
  await eventually(ports, () => settled, what);
  return work;
}

/** Lets time pass. */
export function elapse(ports: Subject['ports'], durationMs: number): Promise<void> {
  return new Promise((resolve) => void ports.timers.set(durationMs, resolve));
}

/** @returns The fault. @throws ClaimFailed when the promise resolves, or rejects with anything but a PlaneError. */
export async function faultOf(work: Promise<unknown>, what: string): Promise<PlaneFault> {
  try {
    await work;
  } catch (error) {
    check(error instanceof PlaneError, `${what}: ${String(error)} is no PlaneError`);
    return error.fault;
  }
  throw new ClaimFailed(`${what}: succeeded`);
}
