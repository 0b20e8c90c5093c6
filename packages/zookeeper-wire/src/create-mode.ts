/** What kind of node a create makes. */
export interface CreateMode {
  readonly flags: number;
  readonly name:
    | 'persistent'
    | 'ephemeral'
    | 'persistentSequential'
    | 'ephemeralSequential'
    | 'container'
    | 'persistentWithTtl'
    | 'persistentSequentialWithTtl';
  readonly ephemeral: boolean;
  readonly sequential: boolean;
  readonly container: boolean;
  readonly ttl: boolean;
}

/** By the flags of the request. Source: Java `CreateMode`. */
const modes: readonly CreateMode[] = [
  { flags: 0, name: 'persistent', ephemeral: false, sequential: false, container: false, ttl: false },
  { flags: 1, name: 'ephemeral', ephemeral: true, sequential: false, container: false, ttl: false },
  { flags: 2, name: 'persistentSequential', ephemeral: false, sequential: true, container: false, ttl: false },
  { flags: 3, name: 'ephemeralSequential', ephemeral: true, sequential: true, container: false, ttl: false },
  { flags: 4, name: 'container', ephemeral: false, sequential: false, container: true, ttl: false },
  { flags: 5, name: 'persistentWithTtl', ephemeral: false, sequential: false, container: false, ttl: true },
  { flags: 6, name: 'persistentSequentialWithTtl', ephemeral: false, sequential: true, container: false, ttl: true },
];

/** The mode of these flags; undefined when ZooKeeper has none (it answers BadArguments). */
export function createModeOf(flags: number): CreateMode | undefined {
  return modes[flags];
}

/** The mode of this name. */
export function createMode(name: CreateMode['name']): CreateMode {
  return modes.find((mode) => mode.name === name) as CreateMode;
}
