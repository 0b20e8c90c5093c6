import type { Command } from '../command.ts';
import { dumpLog } from './dump-log.ts';

/** Every subcommand, in the order in which the help lists them. */
export const commands: readonly Command[] = [dumpLog];
