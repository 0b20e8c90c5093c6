import { UsageError } from '../command.ts';
import type { ZkCommand } from './zk-command.ts';

const MODES: Readonly<Record<string, 'persistent' | 'recursive'>> = {
  PERSISTENT: 'persistent',
  PERSISTENT_RECURSIVE: 'recursive',
};

const addWatch: ZkCommand = {
  name: 'addWatch',
  synopsis: '[-m mode] path',
  summary: 'a watch that stays; -m PERSISTENT for one node, or PERSISTENT_RECURSIVE, the default, for all below it',
  values: 'm',
  argumentCount: [1, 1],
  async run({ client, watch }, given) {
    const text = given.value('m') ?? 'PERSISTENT_RECURSIVE';
    const mode = MODES[text];
    if (mode === undefined) throw new UsageError(`-m ${text} is none of ${Object.keys(MODES).join(', ')}.`);
    await client.addWatch(given.path, mode, watch);
    return { lines: [], json: { watching: given.path, mode: text } };
  },
};

const removewatches: ZkCommand = {
  name: 'removewatches',
  synopsis: 'path [-c | -d | -a]',
  summary: 'end watches on a node: -c those of its children, -d those of its data, -a all of them, the default',
  switches: 'cda',
  argumentCount: [1, 1],
  async run({ client }, given) {
    const which = given.has('c') ? 'children' : given.has('d') ? 'data' : 'any';
    await client.removeWatches(given.path, which);
    return { lines: [], json: { removed: given.path, which } };
  },
};

/** Commands about watches. */
export const watchingCommands: readonly ZkCommand[] = [addWatch, removewatches];
