/** Name of the feature whose level says which records the cluster may write. */
export const METADATA_VERSION = 'metadata.version';

/** Name of the feature that lives in control records of the log, never in a FeatureLevelRecord. */
export const KRAFT_VERSION = 'kraft.version';

/** A level of `metadata.version`. */
export interface MetadataVersion {
  readonly level: number;
  /** As in `3.9-IV0`. */
  readonly name: string;
  /** Whether records changed against the level below: such a level cannot be left downwards. */
  readonly changesRecords: boolean;
}

// Level = place + 1. Source: Java `MetadataVersion`, 3.9.
const TABLE: readonly (readonly [name: string, changesRecords: boolean])[] = [
  ['3.0-IV1', true],
  ['3.1-IV0', false],
  ['3.2-IV0', true],
  ['3.3-IV0', false],
  ['3.3-IV1', true],
  ['3.3-IV2', true],
  ['3.3-IV3', true],
  ['3.4-IV0', true],
  ['3.5-IV0', false],
  ['3.5-IV1', false],
  ['3.5-IV2', true],
  ['3.6-IV0', false],
  ['3.6-IV1', true],
  ['3.6-IV2', true],
  ['3.7-IV0', true],
  ['3.7-IV1', false],
  ['3.7-IV2', true],
  ['3.7-IV3', false],
  ['3.7-IV4', false],
  ['3.8-IV0', false],
  ['3.9-IV0', false],
];

/** Every level of 3.9, the lowest first. */
export const METADATA_VERSIONS: readonly MetadataVersion[] = TABLE.map(([name, changesRecords], index) => ({
  level: index + 1,
  name,
  changesRecords,
}));

/** What holds while no level is finalized. */
export const MINIMUM_METADATA_LEVEL = 1;

/** The first level that has a record for levels; a log cannot be given a lower one. */
export const MINIMUM_BOOTSTRAP_LEVEL = 4;

/** The level of a new cluster. */
export const LATEST_METADATA_LEVEL = 21;

/** The level of this number, or undefined when 3.9 has none. */
export function metadataVersionOf(level: number): MetadataVersion | undefined {
  return METADATA_VERSIONS[level - 1];
}

/** The level of this name, such as `3.9-IV0`; or of a release, such as `3.9`, its latest. */
export function metadataVersionNamed(name: string): MetadataVersion | undefined {
  return METADATA_VERSIONS.findLast((version) => version.name === name || version.name.startsWith(`${name}-`));
}

/** What a level allows. Source: Java `MetadataVersion`'s predicates. */
export const since = {
  leaderRecovery: 3,
  featureLevels: 4,
  noOp: 5,
  registrationChange: 6,
  controlledShutdown: 7,
  migration: 8,
  scram: 11,
  /** From here on a shrinking ISR keeps its leader epoch. */
  quietIsrShrink: 12,
  transactions: 13,
  delegationTokens: 14,
  controllerRegistration: 15,
  directories: 17,
} as const;

/** Version of a RegisterBrokerRecord. */
export function registerBrokerVersion(level: number): number {
  if (level >= since.directories) return 3;
  if (level >= since.migration) return 2;
  return level >= since.controlledShutdown ? 1 : 0;
}

/** Version of a PartitionRecord and of a PartitionChangeRecord. */
export function partitionVersion(level: number): number {
  return level >= since.directories ? 1 : 0;
}
