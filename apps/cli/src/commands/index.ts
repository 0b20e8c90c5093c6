import type { Command } from '../command.ts';
import { dumpLog } from './dump-log.ts';
import { server } from './server.ts';
import { storage } from './storage.ts';
import { up } from './up.ts';
import { zookeeper } from './zookeeper.ts';

/** Every subcommand, in the order in which the help lists them. */
export const commands: readonly Command[] = [up, server, zookeeper, storage, dumpLog];
