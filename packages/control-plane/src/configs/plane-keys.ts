import type { ConfigTable } from './config-entry.ts';
import { KRAFT_KEYS } from './kraft-keys.ts';
import { ZOOKEEPER_KEYS } from './zookeeper-keys.ts';

/**
 * What planes read besides the broker's own settings, with what becomes of them under the plane that reads them. A
 * broker shows and checks all of them under any plane, as Apache does, and acts on none.
 */
export const PLANE_KEYS: ConfigTable = [...ZOOKEEPER_KEYS, ...KRAFT_KEYS];
