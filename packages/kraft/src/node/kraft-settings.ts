import { type ConfigEntry, KRAFT_KEYS } from '@biquorum/control-plane';
import type { Endpoint, NodeId, SecurityProtocol } from '@biquorum/metadata';
import { assert } from '@biquorum/std';
import { checkCombination } from './check-combination.ts';
import { KraftSettingsError } from './settings-error.ts';

/** A node's properties, by Kafka's keys. */
export type Properties = ReadonlyMap<string, string>;

/** What a process is. */
export type ProcessRole = 'broker' | 'controller';

/** A voter that the properties name. */
export interface VoterAddress {
  readonly id: NodeId;
  readonly host: string;
  readonly port: number;
}

/** An address without an id. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** What a node of a quorum-governed cluster reads from its properties. Times in milliseconds, sizes in bytes. */
export interface KraftSettings {
  readonly roles: ReadonlySet<ProcessRole>;
  readonly nodeId: NodeId;
  /** `controller.listener.names`, in capitals; brokers use the first. */
  readonly controllerListenerNames: readonly string[];
  /** Listeners of this node that are controllers', as they bind. */
  readonly controllerListeners: readonly Endpoint[];
  /** The same as others are told: `advertised.listeners` where it names them. */
  readonly advertisedControllerListeners: readonly Endpoint[];
  /** `controller.quorum.voters`; empty where the quorum is dynamic. */
  readonly voters: readonly VoterAddress[];
  /** `controller.quorum.bootstrap.servers`. */
  readonly bootstrapServers: readonly HostPort[];
  readonly logDirectories: readonly string[];
  /** `metadata.log.dir`, or the first of the log directories. */
  readonly metadataDirectory: string;
  readonly rack: string | null;
  /** `broker.heartbeat.interval.ms`. */
  readonly heartbeatIntervalMs: number;
  /** `broker.session.timeout.ms`. */
  readonly sessionTimeoutMs: number;
  /** `initial.broker.registration.timeout.ms`. */
  readonly initialRegistrationTimeoutMs: number;
  /** `controller.quorum.request.timeout.ms`. */
  readonly requestTimeoutMs: number;
  /** The properties as they were given. */
  readonly properties: Properties;
}

const ENDPOINT = /^([^:/\s]+):\/\/(?:\[([\w%.:-]*)\]|([\w%.-]*)):(\d{1,5})$/;
const DEFAULT_LOG_DIRECTORY = '/tmp/kafka-logs';
const DEFAULT_LISTENERS = 'PLAINTEXT://:9092';

/**
 * Reads what a node needs in order to be governed by a quorum, and checks that it fits together.
 *
 * Source: Java `KafkaConfig`, `QuorumConfig` of 3.9.
 *
 * @throws KraftSettingsError for the first that does not
 */
export function readKraftSettings(properties: Properties): KraftSettings {
  const roles = readRoles(properties);
  const nodeId = Number(given(properties, 'node.id') ?? given(properties, 'broker.id') ?? -1);
  const logDirectories = list(given(properties, 'log.dirs') ?? given(properties, 'log.dir') ?? DEFAULT_LOG_DIRECTORY);
  const controllerListenerNames = list(given(properties, 'controller.listener.names')).map((name) =>
    name.toUpperCase(),
  );
  const protocols = readProtocols(properties, controllerListenerNames);
  const listeners = readListeners('listeners', given(properties, 'listeners') ?? DEFAULT_LISTENERS, protocols);
  const advertised = readListeners('advertised.listeners', given(properties, 'advertised.listeners') ?? '', protocols);
  const isController = ({ listener }: Endpoint): boolean => controllerListenerNames.includes(listener);
  const controllerListeners = listeners.filter(isController);
  const number = (key: string): number => readNumber(properties, key);
  const settings: KraftSettings = {
    roles,
    nodeId: nodeId as NodeId,
    controllerListenerNames,
    controllerListeners,
    advertisedControllerListeners: controllerListeners.map(
      (own) => advertised.find(({ listener }) => listener === own.listener) ?? own,
    ),
    voters: list(given(properties, 'controller.quorum.voters')).map(readVoter),
    bootstrapServers: list(given(properties, 'controller.quorum.bootstrap.servers')).map((text) =>
      readAddress('controller.quorum.bootstrap.servers', text),
    ),
    logDirectories,
    metadataDirectory: given(properties, 'metadata.log.dir') ?? logDirectories[0] ?? DEFAULT_LOG_DIRECTORY,
    rack: given(properties, 'broker.rack') ?? null,
    heartbeatIntervalMs: number('broker.heartbeat.interval.ms'),
    sessionTimeoutMs: number('broker.session.timeout.ms'),
    initialRegistrationTimeoutMs: number('initial.broker.registration.timeout.ms'),
    requestTimeoutMs: number('controller.quorum.request.timeout.ms'),
    properties,
  };
  checkCombination(settings, listeners, protocols);
  checkSegmentBytes(properties);
  return settings;
}

/** The value as it was given, without blanks around it; undefined where it is missing or empty. */
export function given(properties: Properties, key: string): string | undefined {
  const value = properties.get(key)?.trim();
  return value === '' ? undefined : value;
}

/** A number among the keys of KRaft mode, with the table's default. @throws KraftSettingsError when it is none */
export function readNumber(properties: Properties, key: string): number {
  const row: ConfigEntry | undefined = KRAFT_KEYS.find(({ name }) => name === key);
  assert(row !== undefined, () => `${key} is not in the table of keys`);
  const text = given(properties, key) ?? row.defaultValue ?? '';
  const value = Number(text);
  if (!/^[+-]?\d+$/.test(text) || value < (row.minimum ?? Number.NEGATIVE_INFINITY)) {
    throw new KraftSettingsError(
      key,
      text,
      `must be a whole number${row.minimum === undefined ? '' : ` of ${row.minimum} or more`}`,
    );
  }
  return value;
}

/** The least size is a setting too, meant for tests. Source: Java `KafkaMetadataLog`. */
function checkSegmentBytes(properties: Properties): void {
  const key = 'metadata.log.segment.bytes';
  const [bytes, least] = [readNumber(properties, key), readNumber(properties, 'metadata.log.segment.min.bytes')];
  if (bytes < least) throw new KraftSettingsError(key, `${bytes}`, `Cannot set ${key} below ${least}`);
}

function readRoles(properties: Properties): ReadonlySet<ProcessRole> {
  const names = list(given(properties, 'process.roles'));
  const roles = new Set<ProcessRole>();
  for (const name of names) {
    if (name !== 'broker' && name !== 'controller') {
      throw new KraftSettingsError(
        'process.roles',
        names.join(),
        `Unknown process role '${name}' (only 'broker' and 'controller' are allowed roles)`,
      );
    }
    if (roles.has(name)) {
      throw new KraftSettingsError('process.roles', names.join(), 'Duplicate role names found in `process.roles`');
    }
    roles.add(name);
  }
  return roles;
}

function list(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** `id@host:port`. */
function readVoter(text: string): VoterAddress {
  const match = /^(\d+)@(.+)$/.exec(text);
  if (match === null) {
    throw new KraftSettingsError('controller.quorum.voters', text, 'write id@host:port for each voter');
  }
  return { id: Number(match[1]) as NodeId, ...readAddress('controller.quorum.voters', match[2] ?? '') };
}

function readAddress(key: string, text: string): HostPort {
  const match = /^(?:\[([\w%.:-]+)\]|([\w%.-]+)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) throw new KraftSettingsError(key, text, 'write host:port');
  return { host: match[1] ?? match[2] ?? '', port };
}

/** Security protocol of each listener; without a map of their own controllers' listeners speak PLAINTEXT. */
function readProtocols(properties: Properties, controllers: readonly string[]): ReadonlyMap<string, SecurityProtocol> {
  const key = 'listener.security.protocol.map';
  const map = given(properties, key);
  const names: readonly SecurityProtocol[] = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'];
  const protocols = new Map<string, SecurityProtocol>();
  if (map === undefined) {
    for (const name of names) protocols.set(name, name);
    for (const name of controllers) if (!protocols.has(name)) protocols.set(name, 'PLAINTEXT');
  }
  for (const pair of list(map)) {
    const [name, text] = pair.split(':').map((part) => part.trim());
    const protocol = names.find((candidate) => candidate === text);
    if (name === undefined || protocol === undefined) {
      throw new KraftSettingsError(key, pair, `write NAME:PROTOCOL, where the protocol is ${names.join(', ')}`);
    }
    protocols.set(name.toUpperCase(), protocol);
  }
  return protocols;
}

function readListeners(key: string, text: string, protocols: ReadonlyMap<string, SecurityProtocol>): Endpoint[] {
  return list(text).map((item): Endpoint => {
    const match = ENDPOINT.exec(item);
    const port = Number(match?.[4]);
    if (match === null || port > 65_535) throw new KraftSettingsError(key, item, 'write NAME://host:port');
    const listener = (match[1] as string).toUpperCase();
    const securityProtocol = protocols.get(listener);
    if (securityProtocol === undefined) {
      throw new KraftSettingsError(key, item, `No security protocol defined for listener ${listener}`);
    }
    return { listener, host: match[2] ?? match[3] ?? '', port, securityProtocol };
  });
}
