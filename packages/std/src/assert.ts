/** A broken invariant of our own: the state of the program can no longer be trusted. Never caused by a peer. */
export class AssertionError extends Error {
  override readonly name = 'AssertionError';
}

/**
 * Holds an invariant, in production too.
 *
 * @param condition What must be truthy.
 * @param message What is broken, with the values; pass a function where building the text costs.
 * @throws AssertionError when the condition does not hold.
 */
export function assert(condition: unknown, message: string | (() => string)): asserts condition {
  if (!condition) fail(message);
}

/**
 * Closes a switch over a union: adding a member without a case is then a type error, and a value from outside the
 * union stops the program.
 *
 * @throws AssertionError always.
 */
export function unreachable(value: never): never {
  throw new AssertionError(`value outside its union: ${describe(value)}; add the missing case`);
}

// Apart from `assert`, so that the check itself stays small enough to be inlined.
function fail(message: string | (() => string)): never {
  throw new AssertionError(typeof message === 'function' ? message() : message);
}

function describe(value: unknown): string {
  if (typeof value === 'object' && value !== null) {
    try {
      return JSON.stringify(value);
    } catch {
      return Object.prototype.toString.call(value);
    }
  }
  return String(value);
}
