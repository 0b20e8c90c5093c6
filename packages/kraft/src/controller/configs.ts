import type { MetadataRecord } from '@biquorum/kafka-wire/metadata-records';
import { type ConfigResource, validateTopicName } from '@biquorum/metadata';
import { configTypeCode } from '../image/config-types.ts';
import { BatchTooLarge, push } from './batch.ts';
import { ControllerFault, type Failure, failureOf, NO_FAILURE } from './fault.ts';
import type { Decision, Situation } from './situation.ts';

/** One change of one key (KIP-339). */
export type ConfigOperation =
  | { readonly kind: 'set' | 'append' | 'subtract'; readonly value: string | null }
  | { readonly kind: 'delete' };

/** What a request wants of one resource. */
export interface ConfigWish {
  readonly resource: ConfigResource;
  readonly operations: ReadonlyMap<string, ConfigOperation>;
}

/**
 * Changes configurations, all of them in one batch; a refusal concerns its resource alone.
 *
 * @param replaces the keys that are not named are deleted (AlterConfigs)
 *
 * Source: Java `ConfigurationControlManager`.
 */
export function alterConfigs(
  situation: Situation,
  wishes: readonly ConfigWish[],
  {
    replaces,
    validateOnly,
    isNode,
  }: {
    readonly replaces: boolean;
    readonly validateOnly: boolean;
    readonly isNode: (id: number) => boolean;
  },
): Decision<Failure[]> {
  const records: MetadataRecord[] = [];
  const outcomes = wishes.map(({ resource, operations }): Failure => {
    try {
      const changed = changeConfig(situation, resource, operations, false, replaces, isNode);
      push(records, changed.records, situation);
      return NO_FAILURE;
    } catch (thrown) {
      if (thrown instanceof BatchTooLarge) throw thrown;
      return failureOf(thrown);
    }
  });
  return { records: validateOnly ? [] : records, reply: outcomes, atomic: true };
}

/**
 * The records that change one resource's configuration, and the configuration after them.
 *
 * @throws ControllerFault when a key, a value or the resource is refused
 */
export function changeConfig(
  { view, rules }: Situation,
  resource: ConfigResource,
  operations: ReadonlyMap<string, ConfigOperation>,
  isNew: boolean,
  replaces: boolean = false,
  isNode: (id: number) => boolean = () => true,
): { readonly records: MetadataRecord[]; readonly values: ReadonlyMap<string, string> } {
  const before = view.configOf(resource);
  const values = new Map(before);
  const records: MetadataRecord[] = [];
  const write = (name: string, value: string | null): void => {
    if (value === null) values.delete(name);
    else values.set(name, value);
    records.push({
      type: 'ConfigRecord',
      version: 0,
      record: { resourceType: configTypeCode(resource.type), resourceName: resource.name, name, value },
    });
  };
  for (const [name, operation] of operations) {
    const current = before.get(name) ?? null;
    const next = outcome(operation, current, resource, name, rules);
    // A broker reads files that its values name: writing the same again makes it read them anew.
    if (next !== current || resource.type === 'broker') write(name, next);
  }
  if (replaces) for (const name of before.keys()) if (!operations.has(name)) write(name, null);
  checkResourceName(resource);
  const fault = resource.type === 'broker' ? null : rules.check(resource, values);
  if (fault !== null) throw new ControllerFault('INVALID_CONFIG', fault);
  if (!isNew) checkExists(view.topics, resource, isNode);
  return { records, values };
}

function outcome(
  operation: ConfigOperation,
  current: string | null,
  resource: ConfigResource,
  name: string,
  rules: Situation['rules'],
): string | null {
  if (operation.kind === 'delete') return null;
  if (operation.kind === 'set') return operation.value;
  if (!rules.isList(resource, name)) {
    throw new ControllerFault(
      'INVALID_CONFIG',
      `Can't ${operation.kind.toUpperCase()} to key ${name} because its type is not LIST.`,
    );
  }
  const items = (current ?? rules.defaultOf(resource, name) ?? '').split(',').filter((item) => item !== '');
  const named = (operation.value ?? '').split(',');
  if (operation.kind === 'append') {
    for (const item of named) if (!items.includes(item)) items.push(item);
    return items.join();
  }
  // Of an item that stands there twice one is left.
  for (const item of named) {
    const position = items.indexOf(item);
    if (position >= 0) items.splice(position, 1);
  }
  return items.join();
}

function checkResourceName({ type, name }: ConfigResource): void {
  switch (type) {
    case 'topic': {
      if (name === '') throw new ControllerFault('INVALID_REQUEST', 'Default topic resources are not allowed.');
      const refusal = validateTopicName(name);
      if (refusal !== null) throw new ControllerFault(refusal.error, refusal.message);
      return;
    }
    case 'broker':
      if (name === '') return;
      if (!/^[+-]?\d{1,10}$/.test(name) || Math.abs(Number(name)) > 0x7fff_ffff) {
        throw new ControllerFault('INVALID_REQUEST', 'Unable to parse broker name as a base 10 number.');
      }
      if (Number(name) < 0) throw new ControllerFault('INVALID_REQUEST', 'Invalid negative broker ID.');
      return;
    case 'client-metrics':
      return;
    case 'group':
      throw new ControllerFault('INVALID_REQUEST', 'Unknown resource type GROUP');
  }
}

function checkExists(
  topics: Situation['view']['topics'],
  { type, name }: ConfigResource,
  isNode: (id: number) => boolean,
): void {
  if (type === 'topic' && !topics.has(name)) {
    throw new ControllerFault('UNKNOWN_TOPIC_OR_PARTITION', `The topic '${name}' does not exist.`);
  }
  if (type === 'broker' && name !== '' && !isNode(Number(name))) {
    throw new ControllerFault('BROKER_ID_NOT_REGISTERED', `No node with id ${Number(name)} found.`);
  }
}
