import type { Ports } from '@biquorum/platform';
import { EnsembleCore } from '../quorum/ensemble-core.ts';
import { DiskCore } from './disk-core.ts';
import { MemoryCore } from './memory-core.ts';
import type { ServingCore } from './serving-core.ts';
import type { ZooKeeperSettings } from './settings.ts';

/** What a {@link ServingCore} is told besides its settings. */
export interface CoreOptions {
  /** Data lives as long as the server. */
  readonly inMemory: boolean;
  /** It has stopped for good. */
  onFailure(error: unknown): void;
}

/**
 * Decides what stands behind the port of clients: a member of the ensemble that the settings name, or a server alone.
 *
 * @throws SettingsError, DiskError, StorageError as a rejection
 */
export async function openCore(
  settings: ZooKeeperSettings,
  ports: Ports,
  { inMemory, onFailure }: CoreOptions,
): Promise<ServingCore> {
  if (settings.ensemble !== null) return EnsembleCore.start(settings, settings.ensemble, ports, onFailure);
  return inMemory ? new MemoryCore(settings, ports) : DiskCore.start(settings, ports, onFailure);
}
