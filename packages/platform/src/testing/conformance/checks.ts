import { AssertionError } from '@biquorum/std';
import type { Ports } from '../../ports.ts';

/** A claim does not hold. */
export class ClaimFailed extends Error {
  override readonly name: string = 'ClaimFailed';
}

/** @throws ClaimFailed */
export function check(condition: boolean, what: string): asserts condition {
  if (!condition) throw new ClaimFailed(what);
}

/** Compares primitive values, and plain data by its JSON. @throws ClaimFailed */
export function equal(actual: unknown, expected: unknown, what: string): void {
  if (Object.is(actual, expected)) return;
  const [found, wanted] = [show(actual), show(expected)];
  check(found === wanted, `${what}: ${found} instead of ${wanted}`);
}

/** Compares bytes. @throws ClaimFailed */
export function equalBytes(actual: Uint8Array, expected: Uint8Array, what: string): void {
  const different = expected.findIndex((byte, index) => byte !== actual[index]);
  check(different === -1, `${what}: byte ${different} is ${actual[different]} instead of ${expected[different]}`);
  equal(actual.length, expected.length, `${what}: length`);
}

/** @returns The error that was thrown. @throws ClaimFailed when none was, or one with another code. */
export function throwsCode(code: string, run: () => unknown, what: string): Error {
  try {
    run();
  } catch (error) {
    return withCode(error, code, what);
  }
  throw new ClaimFailed(`${what}: succeeded instead of failing with ${code}`);
}

/** @returns The error. @throws ClaimFailed when the promise resolves, or rejects with another code. */
export async function rejectsCode(code: string, promise: Promise<unknown>, what: string): Promise<Error> {
  let value: unknown;
  try {
    value = await promise;
  } catch (error) {
    return withCode(error, code, what);
  }
  throw new ClaimFailed(`${what}: resolved to ${show(value)} instead of failing with ${code}`);
}

/** @throws ClaimFailed when no invariant is asserted. */
export function breaksInvariant(run: () => unknown, what: string): void {
  try {
    run();
  } catch (error) {
    check(error instanceof AssertionError, `${what}: threw ${String(error)} instead of an AssertionError`);
    return;
  }
  throw new ClaimFailed(`${what}: went through`);
}

/** Waits for a condition, in the time of the ports. @throws ClaimFailed when it does not come true within 10 seconds. */
export async function eventually(ports: Ports, condition: () => boolean, what: string): Promise<void> {
  const { clock } = ports;
  const giveUpMs = clock.monotonicMs() + 10_000;
  while (!condition()) {
    check(clock.monotonicMs() < giveUpMs, `${what}: not within 10 s`);
    await elapse(ports, 1);
  }
}

/** Lets time pass. */
export function elapse(ports: Ports, durationMs: number): Promise<void> {
  return new Promise((resolve) => void ports.timers.set(durationMs, resolve));
}

/** So many bytes, each different from its neighbours in a way that no block size hides. */
export function pattern(length: number, salt = 0): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let index = 0; index < length; index++) bytes[index] = (index * 7 + (index >> 8) * 13 + salt) & 0xff;
  return bytes;
}

/** The bytes of a text. */
export function text(characters: string): Uint8Array {
  return Uint8Array.from(characters, (character) => character.charCodeAt(0));
}

function withCode(error: unknown, code: string, what: string): Error {
  check(error instanceof Error, `${what}: failed with ${show(error)}, which is no error`);
  const { code: found } = error as { code?: unknown };
  check(found === code, `${what}: failed with ${show(found)} (${error.message}) instead of ${code}`);
  return error;
}

function show(value: unknown): string {
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  return JSON.stringify(value) ?? String(value);
}
