import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Paths of the files of all partitions in a log directory whose names end in one of some suffixes, sorted. */
export function filesOf(directory: string, ...suffixes: readonly string[]): readonly string[] {
  return partitionsOf(directory)
    .flatMap((partition) => readdirSync(join(directory, partition)).map((name) => join(directory, partition, name)))
    .filter((path) => suffixes.some((suffix) => path.endsWith(suffix)))
    .sort();
}

/** Names of the directories of partitions in a log directory, but for the controller's own log. */
export function partitionsOf(directory: string): readonly string[] {
  return readdirSync(directory)
    .filter((name) => statSync(join(directory, name)).isDirectory() && !name.startsWith('__cluster_metadata'))
    .sort();
}

/** Content of the files of a directory by name. */
export function contentsOf(directory: string, accept: (name: string) => boolean): ReadonlyMap<string, string> {
  const names = readdirSync(directory).filter(accept).sort();
  return new Map(names.map((name) => [name, readFileSync(join(directory, name)).toString('hex')]));
}
