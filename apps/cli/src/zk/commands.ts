import { quotaCommands } from './quotas.ts';
import { readingCommands } from './reading.ts';
import { watchingCommands } from './watching.ts';
import { writingCommands } from './writing.ts';
import type { ZkCommand } from './zk-command.ts';

/** Every command of the shell that asks ZooKeeper something, in the order in which the help lists them. */
export const zkCommands: readonly ZkCommand[] = [
  ...readingCommands,
  ...writingCommands,
  ...watchingCommands,
  ...quotaCommands,
];

/** A command by its name, in large or small letters. */
export function zkCommand(name: string): ZkCommand | undefined {
  const wanted = name.toLowerCase();
  return zkCommands.find((command) => command.name.toLowerCase() === wanted);
}
