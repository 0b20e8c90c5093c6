import { type ConfigTable, PLANE_KEYS } from '@biquorum/control-plane';
import { BROKER_KEYS } from './broker-keys.ts';
import { DYNAMIC_QUOTA_KEYS } from './keys/dynamic-quota-keys.ts';
import { type ConfigProperties, rowOf, synonymsOf } from './layers.ts';
import { nearestName } from './nearest-name.ts';
import { PropertyValues } from './property-values.ts';
import { topicConfig } from './topic-configs.ts';

/** Something about a broker's properties that somebody should hear of; the broker works all the same. */
export interface SettingsFinding {
  readonly kind: /** Nobody knows the key. */
    | 'unknown'
    /** It is read, and changes nothing. */
    | 'no-effect'
    /** A finer unit of the same setting wins. */
    | 'superseded'
    /** Logs lie where the system may clear them away. */
    | 'temporary-directory';
  readonly key: string;
  /** Names key and remedy; a value only where it cannot be a secret. */
  readonly message: string;
}

/** Prefixes of settings that are handed to plug-ins. */
const PLUG_IN_PREFIXES = ['rlmm.config.', 'rsm.config.', 'client.quota.callback.', 'metrics.context.'];
/** What Apache's authorizer reads, which is no part of the broker's own table. */
const AUTHORIZER_KEYS = ['super.users', 'allow.everyone.if.no.acl.found'];

/**
 * What is odd about the properties of a broker, in the order of the file.
 *
 * @param temporaryDirectories those of the system; only the caller knows them all
 * @param planeConfigs the rows of the plane that is to govern it: what they say counts, and other planes' count for nothing
 */
export function reviewProperties(
  properties: ConfigProperties,
  temporaryDirectories: readonly string[] = ['/tmp', '/var/tmp'],
  planeConfigs: ConfigTable = [],
): readonly SettingsFinding[] {
  const findings: SettingsFinding[] = [];
  for (const key of properties.keys()) {
    const finding = reviewKey(key, properties, planeConfigs);
    if (finding !== undefined) findings.push(finding);
  }
  return [...findings, ...reviewDirectories(properties, temporaryDirectories)];
}

function reviewKey(key: string, properties: ConfigProperties, planeConfigs: ConfigTable): SettingsFinding | undefined {
  const planeEntry = planeConfigs.find(({ name }) => name === key);
  const entry = planeEntry ?? rowOf(key);
  if (entry === undefined) return reviewStranger(key);
  if (DYNAMIC_QUOTA_KEYS.includes(entry)) {
    return { kind: 'no-effect', key, message: `${key} can only be set at run time, with kafka-configs` };
  }
  const value = properties.get(key)?.trim();
  if (entry.support === 'accepted' && value !== entry.defaultValue) {
    return { kind: 'no-effect', key, message: `${key} has no effect: ${entry.because}` };
  }
  if (planeEntry === undefined && PLANE_KEYS.includes(entry) && value !== entry.defaultValue) {
    return { kind: 'no-effect', key, message: `${key} has no effect: what governs this node does not read it` };
  }
  const finer = synonymsOf(key).find((synonym) => properties.has(synonym));
  if (finer === undefined || finer === key || key.startsWith('listener.name.')) return undefined;
  return { kind: 'superseded', key, message: `${key} does not count beside ${finer}; remove one of them` };
}

function reviewStranger(key: string): SettingsFinding | undefined {
  if (PLUG_IN_PREFIXES.some((prefix) => key.startsWith(prefix)) || AUTHORIZER_KEYS.includes(key)) {
    return { kind: 'no-effect', key, message: `${key} has no effect: nothing here reads it` };
  }
  const [synonym] = topicConfig(key)?.synonyms ?? [];
  const nearest =
    synonym?.name ??
    nearestName(
      key,
      BROKER_KEYS.map(({ name }) => name),
    );
  const remedy = nearest === undefined ? 'remove it' : `did you mean ${nearest}?`;
  return { kind: 'unknown', key, message: `${key} is no setting of a broker; ${remedy}` };
}

function reviewDirectories(properties: ConfigProperties, temporary: readonly string[]): SettingsFinding[] {
  const values = new PropertyValues(properties);
  const key = values.text('log.dirs') === null ? 'log.dir' : 'log.dirs';
  const inside = (values.list(key) ?? []).filter((path) => temporary.some((directory) => isUnder(path, directory)));
  return inside.map((path) => ({
    kind: 'temporary-directory',
    key,
    message: `${path} of ${key} is a temporary directory, which the system may clear; name another to keep the data`,
  }));
}

function isUnder(path: string, directory: string): boolean {
  const parts = (text: string): string[] => text.split(/[\\/]+/).filter((part) => part !== '' && part !== '.');
  const [inner, outer] = [parts(path), parts(directory)];
  return outer.length > 0 && outer.every((part, index) => part === inner[index]);
}
