import { type Flag, UsageError } from '../command.ts';
import { type Arguments, wholeNumber } from '../flags.ts';

/** What has settings. */
export const ENTITY_TYPES = [
  'topics',
  'brokers',
  'broker-loggers',
  'users',
  'clients',
  'ips',
  'client-metrics',
  'groups',
] as const;

/** A kind of things that have settings. */
export type EntityType = (typeof ENTITY_TYPES)[number];

/** One of them: by name, the default of its kind (an empty name), or all of them (no name). */
export interface Entity {
  readonly type: EntityType;
  readonly name: string | undefined;
}

/** Shorthands: `--topic orders` for `--entity-type topics --entity-name orders`. */
const NAMED: Readonly<Record<string, EntityType>> = {
  topic: 'topics',
  broker: 'brokers',
  'broker-logger': 'broker-loggers',
  user: 'users',
  client: 'clients',
  ip: 'ips',
  'client-metrics': 'client-metrics',
  group: 'groups',
};
const DEFAULTED: Readonly<Record<string, EntityType>> = {
  'broker-defaults': 'brokers',
  'user-defaults': 'users',
  'client-defaults': 'clients',
  'ip-defaults': 'ips',
};

/** Flags that say what it is about. */
export const ENTITY_FLAGS: readonly Flag[] = [
  {
    name: 'entity-type',
    value: 'TYPE',
    multiple: true,
    summary: `what the settings belong to: ${ENTITY_TYPES.join(', ')}; users and clients may stand together`,
  },
  { name: 'entity-name', value: 'NAME', multiple: true, summary: 'which one; with --describe all of them by default' },
  { name: 'entity-default', multiple: true, summary: 'the default of its kind, of brokers, users, clients and ips' },
  ...Object.entries(NAMED).map(([name, type]) => ({ name, value: 'NAME', summary: `one of the ${type}` })),
  ...Object.entries(DEFAULTED).map(([name, type]) => ({ name, summary: `the default of ${type}` })),
];

/**
 * What a call is about. Several entities are parts of one: a user with one of its clients.
 *
 * @throws UsageError when that makes no sense
 */
export function readEntities(given: Arguments): readonly Entity[] {
  const names = namesInOrder(given);
  const types = given.values('entity-type').map((type): EntityType => {
    const known = ENTITY_TYPES.find((one) => one === type);
    if (known === undefined) {
      throw new UsageError(`--entity-type ${type} is none of ${ENTITY_TYPES.join(', ')}.`);
    }
    return known;
  });
  if (names.length > types.length)
    throw new UsageError('an --entity-name or --entity-default goes with an --entity-type.');
  const entities: Entity[] = [
    ...types.map((type, index) => ({ type, name: names[index] })),
    ...Object.entries(NAMED).flatMap(([flag, type]) => (given.has(flag) ? [{ type, name: given.value(flag) }] : [])),
    ...Object.entries(DEFAULTED).flatMap(([flag, type]) => (given.has(flag) ? [{ type, name: '' }] : [])),
  ];
  const [first, second, ...more] = entities;
  if (first === undefined) {
    throw new UsageError('say what it is about: --entity-type topics --entity-name NAME, or --topic NAME.');
  }
  const pair = [first.type, second?.type].sort().join();
  if (more.length > 0 || (second !== undefined && pair !== 'clients,users')) {
    throw new UsageError('only users and clients stand together.');
  }
  for (const { type, name } of entities) checkName(type, name);
  return entities;
}

/** Whether its settings are quotas or credentials. */
export function hasQuotas({ type }: Entity): boolean {
  return type === 'users' || type === 'clients' || type === 'ips';
}

function namesInOrder(given: Arguments): readonly string[] {
  const values = [...given.values('entity-name')];
  return given.order
    .filter((flag) => flag === 'entity-name' || flag === 'entity-default')
    .map((flag) => (flag === 'entity-name' ? (values.shift() ?? '') : ''));
}

function checkName(type: EntityType, name: string | undefined): void {
  if (name === undefined) return;
  if (
    name === '' &&
    (type === 'topics' || type === 'broker-loggers' || type === 'client-metrics' || type === 'groups')
  ) {
    throw new UsageError(`${type} have no default to be set here: name one.`);
  }
  if (name !== '' && (type === 'brokers' || type === 'broker-loggers')) wholeNumber('broker', name, 0, 0x7fff_ffff);
}
