import type { ListenerSettings } from '../settings.ts';
import type { PropertyValues } from './property-values.ts';
import { SettingsError } from './settings-error.ts';

/** The listeners of a broker and which of them the brokers use. */
export interface ReadListeners {
  readonly listeners: readonly ListenerSettings[];
  readonly interBroker: string;
}

const SECURITY_PROTOCOLS: readonly string[] = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'];
const ENDPOINT = /^([^:/\s]+):\/\/(?:\[([\w%.:-]*)\]|([\w%.-]*)):(\d{1,5})$/;

/**
 * Reads `listeners` and what belongs to it. Listeners that `controller.listener.names` names are no broker's.
 *
 * Source: Java `KafkaConfig.listeners`, `effectiveAdvertisedBrokerListeners`, `effectiveListenerSecurityProtocolMap`.
 *
 * @throws SettingsError
 */
export function readListeners(values: PropertyValues): ReadListeners {
  const protocols = readProtocols(values);
  const ofControllers = controllerNames(values);
  const bound = readEndpoints(values, 'listeners', protocols, true).filter(({ name }) => !ofControllers.has(name));
  const told = advertisedEndpoints(values, protocols).filter(({ name }) => !ofControllers.has(name));
  if (bound.length === 0) {
    throw new SettingsError('listeners', values.text('listeners'), 'name at least one, as in PLAINTEXT://:9092');
  }
  const names = bound.map(({ name }) => name);
  for (const { name } of told) {
    if (!names.includes(name)) {
      throw new SettingsError('advertised.listeners', name, `is none of the listeners ${names.join(', ')}`);
    }
  }
  const listeners = bound.map(({ name, host, port }): ListenerSettings => {
    const endpoint = told.find((candidate) => candidate.name === name);
    return {
      name,
      host,
      port,
      advertised: endpoint === undefined ? null : { host: endpoint.host, port: endpoint.port },
    };
  });
  const advertised = told.length > 0 ? told : bound;
  refuseWildcards(values, advertised);
  return { listeners, interBroker: readInterBroker(values, advertised, protocols) };
}

interface ReadEndpoint {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

/** Security protocol of each listener, by its name in capitals. */
function readProtocols(values: PropertyValues): Map<string, string> {
  const key = 'listener.security.protocol.map';
  const protocols = new Map<string, string>();
  for (const pair of values.list(key) ?? []) {
    const [name, protocol] = pair.split(':').map((part) => part.trim());
    if (name === undefined || protocol === undefined || !SECURITY_PROTOCOLS.includes(protocol)) {
      throw new SettingsError(key, pair, `write NAME:PROTOCOL, where the protocol is ${SECURITY_PROTOCOLS.join(', ')}`);
    }
    protocols.set(name.toUpperCase(), protocol);
  }
  if (values.given(key) === undefined) {
    for (const name of controllerNames(values)) if (!protocols.has(name)) protocols.set(name, 'PLAINTEXT');
  }
  return protocols;
}

function controllerNames(values: PropertyValues): ReadonlySet<string> {
  return new Set(values.list('controller.listener.names')?.map((name) => name.toUpperCase()));
}

function advertisedEndpoints(values: PropertyValues, protocols: ReadonlyMap<string, string>): ReadEndpoint[] {
  if (values.text('advertised.listeners') === null) return [];
  return readEndpoints(values, 'advertised.listeners', protocols, false);
}

function readEndpoints(
  values: PropertyValues,
  key: string,
  protocols: ReadonlyMap<string, string>,
  distinctPorts: boolean,
): ReadEndpoint[] {
  const endpoints = (values.list(key) ?? []).map((text) => readEndpoint(key, text, protocols));
  for (const [index, { name, host, port }] of endpoints.entries()) {
    const earlier = endpoints.slice(0, index);
    if (earlier.some((other) => other.name === name)) {
      throw new SettingsError(key, name, 'each listener needs a name of its own');
    }
    const clash = earlier.some((other) => other.port === port && !areOfBothFamilies(host, other.host));
    if (distinctPorts && port !== 0 && clash) {
      throw new SettingsError(key, values.text(key), `port ${port} stands twice; each listener needs its own`);
    }
  }
  return endpoints;
}

function readEndpoint(key: string, text: string, protocols: ReadonlyMap<string, string>): ReadEndpoint {
  const match = ENDPOINT.exec(text);
  const port = Number(match?.[4]);
  if (match === null || port > 65_535) {
    throw new SettingsError(key, text, 'write NAME://host:port, as in PLAINTEXT://:9092');
  }
  const name = (match[1] as string).toUpperCase();
  const protocol = protocols.get(name);
  if (protocol === undefined) {
    throw new SettingsError(
      key,
      text,
      `add ${name}:PLAINTEXT to listener.security.protocol.map, which does not know it`,
    );
  }
  if (protocol !== 'PLAINTEXT') {
    throw new SettingsError(key, text, `security protocol ${protocol} is not served; only PLAINTEXT is`);
  }
  return { name, host: match[2] ?? match[3] ?? '', port };
}

/** One IPv4 and one IPv6 address may share a port. */
function areOfBothFamilies(a: string, b: string): boolean {
  const isFour = (host: string): boolean => /^\d+\.\d+\.\d+\.\d+$/.test(host);
  const isSix = (host: string): boolean => host.includes(':');
  return (isFour(a) && isSix(b)) || (isSix(a) && isFour(b));
}

function refuseWildcards(values: PropertyValues, advertised: readonly ReadEndpoint[]): void {
  if (!advertised.some(({ host }) => host === '0.0.0.0')) return;
  const text = values.text('advertised.listeners') ?? values.text('listeners');
  throw new SettingsError('advertised.listeners', text, 'name a host that clients can reach; 0.0.0.0 is none');
}

function readInterBroker(
  values: PropertyValues,
  advertised: readonly ReadEndpoint[],
  protocols: ReadonlyMap<string, string>,
): string {
  const key = 'inter.broker.listener.name';
  const given = values.text(key);
  if (given !== null && values.given('security.inter.broker.protocol') !== undefined) {
    throw new SettingsError(key, given, 'set either this or security.inter.broker.protocol, not both');
  }
  const name = (given ?? values.text('security.inter.broker.protocol') ?? '').toUpperCase();
  if (given !== null && !protocols.has(name)) {
    throw new SettingsError(
      key,
      name,
      `add ${name}:PLAINTEXT to listener.security.protocol.map, which does not know it`,
    );
  }
  const names = advertised.map((endpoint) => endpoint.name);
  if (names.includes(name)) return name;
  throw new SettingsError(key, name, `is none of the advertised listeners; choose one of ${names.join(', ')}`);
}
