import type { ConfigResource } from '@biquorum/metadata';

/** What is wrong with a configuration, for the client; null when nothing is. */
export type ConfigCheck = (resource: ConfigResource, key: string, value: string) => string | null;

/** One change of IncrementalAlterConfigs. Operations: 0 set, 1 delete, 2 append, 3 subtract (KIP-339). */
export interface ConfigChange {
  readonly name: string;
  readonly configOperation: number;
  readonly value: string | null;
}

/** A configuration after changes, or Kafka's error. */
export type ConfigResult =
  | { readonly ok: true; readonly values: ReadonlyMap<string, string> }
  | { readonly ok: false; readonly error: 'INVALID_CONFIG' | 'INVALID_REQUEST'; readonly message: string };

/** Applies changes to a resource's configuration and checks the outcome. */
export function changeConfigs(
  resource: ConfigResource,
  before: ReadonlyMap<string, string>,
  changes: readonly ConfigChange[],
  isList: (key: string) => boolean,
  check: ConfigCheck,
): ConfigResult {
  const values = new Map(before);
  const seen = new Set<string>();
  for (const { name, configOperation, value } of changes) {
    if (seen.has(name)) return refuse('INVALID_REQUEST', `key ${name} stands twice in the request; name it once`);
    seen.add(name);
    if (configOperation !== DELETE && value === null) {
      return refuse('INVALID_REQUEST', `key ${name} has no value; delete it instead`);
    }
    switch (configOperation) {
      case SET:
        values.set(name, value as string);
        break;
      case DELETE:
        values.delete(name);
        break;
      case APPEND:
      case SUBTRACT: {
        if (!isList(name)) return refuse('INVALID_CONFIG', `key ${name} is no list; set it instead`);
        const items = listOf(values.get(name) ?? '');
        const named = listOf(value as string);
        const next =
          configOperation === APPEND
            ? [...items, ...named.filter((item) => !items.includes(item))]
            : items.filter((item) => !named.includes(item));
        values.set(name, next.join(','));
        break;
      }
      default:
        return refuse(
          'INVALID_REQUEST',
          `operation ${configOperation} is unknown; use 0 set, 1 delete, 2 append, 3 subtract`,
        );
    }
  }
  for (const name of seen) {
    const value = values.get(name);
    const fault = value === undefined ? null : check(resource, name, value);
    if (fault !== null) return refuse('INVALID_CONFIG', fault);
  }
  return { ok: true, values };
}

const SET = 0;
const DELETE = 1;
const APPEND = 2;
const SUBTRACT = 3;

function listOf(value: string): string[] {
  return value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function refuse(error: 'INVALID_CONFIG' | 'INVALID_REQUEST', message: string): ConfigResult {
  return { ok: false, error, message };
}

/** Kafka's numbers for resource types, as far as they can be configured here. */
export function resourceOf(type: number, name: string): ConfigResource | undefined {
  if (type === 2) return { type: 'topic', name };
  return type === 4 ? { type: 'broker', name } : undefined;
}
