import type { Mutant } from './mutate.ts';
import { raftMutants } from './raft-mutants.ts';
import { zabMutants } from './zab-mutants.ts';

/** The broken builds of each engine, by its name. */
export const engineMutants: Readonly<Record<string, readonly Mutant[]>> = { raft: raftMutants, zab: zabMutants };
