import type { Command } from '../command.ts';
import { dumpLog } from './dump-log.ts';
import { up } from './up.ts';

/** Every subcommand, in the order in which the help lists them. */
export const commands: readonly Command[] = [up, dumpLog];
