import { deepStrictEqual } from 'node:assert';

/**
 * Checks that a decoded value says everything that a given one says; what was not given may hold anything.
 *
 * @throws {AssertionError} with the path of the first difference
 */
export function assertCovers(decoded: unknown, given: unknown, path = ''): void {
  if (Array.isArray(given)) {
    deepStrictEqual((decoded as readonly unknown[] | null)?.length, given.length, `length of ${path}`);
    for (const [index, element] of given.entries()) {
      assertCovers((decoded as readonly unknown[])[index], element, `${path}[${index}]`);
    }
  } else if (typeof given === 'object' && given !== null && !(given instanceof Uint8Array)) {
    for (const [name, value] of Object.entries(given)) {
      assertCovers((decoded as Record<string, unknown> | null)?.[name], value, path === '' ? name : `${path}.${name}`);
    }
  } else {
    deepStrictEqual(decoded, given, `${path}: ${String(given)} was given, ${String(decoded)} is read`);
  }
}
