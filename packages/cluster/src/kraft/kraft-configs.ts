import { type ConfigEntry, type ConfigTable, KRAFT_KEYS } from '@biquorum/control-plane';

/** Settings of KRaft mode that nothing here reads. */
const NOT_READ: ReadonlySet<string> = new Set([
  'alter.config.policy.kraft.compatibility.enable',
  'controller.quorum.append.linger.ms',
  'eligible.leader.replicas.enable',
]);

/** The rows of the settings that KRaft mode reads: under it they take effect. */
export const KRAFT_CONFIGS: ConfigTable = KRAFT_KEYS.filter(({ name }) => !NOT_READ.has(name)).map(
  ({ because: _, ...entry }): ConfigEntry => ({ ...entry, support: 'effective' }),
);
