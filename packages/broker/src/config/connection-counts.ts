import type { ConnectionCounts } from '@biquorum/kafka-network';
import type { ConfigProperties } from './layers.ts';
import { PropertyValues } from './property-values.ts';

const OVERRIDES = 'max.connections.per.ip.overrides';
const OF_LISTENER = /^listener\.name\.([^.]+)\.max\.connections$/;
const LOCALHOST = ['127.0.0.1', '::1'];

/** How many connections the properties allow. @throws SettingsError */
export function readConnectionCounts(properties: ConfigProperties): ConnectionCounts {
  const values = new PropertyValues(properties);
  const perListener = new Map<string, number>();
  for (const [key, value] of properties) {
    const listener = OF_LISTENER.exec(key)?.[1];
    if (listener !== undefined) perListener.set(listener.toUpperCase(), Number(value));
  }
  return {
    connectionsMax: values.number('max.connections'),
    connectionsPerHostMax: values.number('max.connections.per.ip'),
    connectionsPerHostOverrides: readOverrides(values.list(OVERRIDES) ?? []),
    connectionsPerListenerMax: perListener,
  };
}

/** Counts by address; the table has checked the form. Source: Java `CoreUtils.parseCsvMap`. */
function readOverrides(items: readonly string[]): Map<string, number> {
  const overrides = new Map<string, number>();
  for (const item of items) {
    // Colons may stand in the address.
    const colon = item.lastIndexOf(':');
    const host = item.slice(0, colon).trim();
    for (const address of host === 'localhost' ? LOCALHOST : [host]) {
      overrides.set(address, Number(item.slice(colon + 1)));
    }
  }
  return overrides;
}
