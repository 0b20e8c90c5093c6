import { propertiesOrder } from './java-order.ts';
import { readObject, toJsonBytes } from './json.ts';

/** Data of `/config/<type>/<entity>`. Source: Java `ConfigEntityZNode.encode`. */
export function encodeEntityConfig(values: ReadonlyMap<string, string>): Uint8Array {
  const config = new Map(propertiesOrder([...values.keys()]).map((key) => [key, values.get(key) ?? '']));
  return toJsonBytes(
    new Map<string, number | ReadonlyMap<string, string>>([
      ['version', 1],
      ['config', config],
    ]),
  );
}

/** An empty map for a node without data. @throws ZnodeError */
export function decodeEntityConfig(data: Uint8Array | null): ReadonlyMap<string, string> {
  if (data === null || data.length === 0) return new Map();
  const config = readObject('configuration', data).object('config');
  return new Map(config.keys().map((key) => [key, config.string(key)]));
}

/** Data of `/config/changes/config_change_S`. @param entityPath such as `topics/T` or `users/U/clients/C` */
export function encodeConfigChange(entityPath: string): Uint8Array {
  return toJsonBytes(
    new Map<string, string | number>([
      ['version', 2],
      ['entity_path', entityPath],
    ]),
  );
}

/** The path below `/config` whose data has changed; reads versions 1 and 2. @throws ZnodeError */
export function decodeConfigChange(data: Uint8Array | null): string {
  const reader = readObject('configuration change', data);
  const version = reader.int('version');
  if (version === 1) return `${reader.string('entity_type')}/${reader.string('entity_name')}`;
  if (version !== 2) throw reader.fault(`version ${version} is not known`);
  return reader.string('entity_path');
}
