import { UsageError } from './command.ts';
import type { Arguments } from './flags.ts';

const PORT_MAX = 65_535;

/**
 * The first of several ports in a row, by an option; undefined where it is not given.
 *
 * @throws UsageError when it is no port, or there are not so many from it on
 */
export function firstPort(given: Arguments, name: string, count: number): number | undefined {
  const first = given.whole(name, 1, PORT_MAX);
  const last = (first ?? 0) + count - 1;
  if (last <= PORT_MAX) return first;
  throw new UsageError(
    `--${name} ${first} takes ${count} ports, to ${last}, and ${PORT_MAX} is the last there is; give ${PORT_MAX - count + 1} or less.`,
  );
}
