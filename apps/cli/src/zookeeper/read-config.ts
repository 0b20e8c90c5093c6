import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseProperties } from '@biquorum/log';
import { readZooKeeperSettings, SettingsError, type ZooKeeperSettings } from '@biquorum/zookeeper';

/**
 * Reads `zoo.cfg` and the `myid` beside its data.
 *
 * @param properties system properties of the command line
 * @throws FileFault, SettingsError
 */
export function readConfig(file: string, properties: ReadonlyMap<string, string>): ZooKeeperSettings {
  const config = parseProperties(file, read(file));
  return readZooKeeperSettings(config, properties, readMyid(config.get('dataDir')?.trim()));
}

function read(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new SettingsError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The first line of the file; null without one, which is right for a server alone. */
function readMyid(dataDir: string | undefined): string | null {
  if (dataDir === undefined || dataDir === '') return null;
  try {
    return readFileSync(join(dataDir, 'myid'), 'utf8').split(/\r?\n/, 1)[0] ?? '';
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
