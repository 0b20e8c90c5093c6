import type { Ports } from '@biquorum/platform';
import { MemoryCore } from './memory-core.ts';
import type { ServingCore } from './serving-core.ts';
import { SettingsError } from './setting-values.ts';
import type { ZooKeeperSettings } from './settings.ts';

/**
 * Decides what stands behind the port of clients: a member of the ensemble that the settings name, or a server alone.
 *
 * @throws SettingsError, DiskError, StorageError as a rejection
 */
export async function openCore(settings: ZooKeeperSettings, ports: Ports, inMemory: boolean): Promise<ServingCore> {
  if (settings.ensemble !== null) {
    throw new SettingsError(`server.N names ${settings.ensemble.servers.length} servers; name none for a server alone`);
  }
  void inMemory;
  return new MemoryCore(settings, ports);
}
