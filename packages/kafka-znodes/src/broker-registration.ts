import { immutableMapOrder } from './java-order.ts';
import { type JsonReader, type JsonValue, readObject, toJsonBytes } from './json.ts';

/** How a broker is reached on one of its listeners. */
export interface ZnodeEndpoint {
  readonly listener: string;
  readonly host: string;
  readonly port: number;
  /** Kafka's name, such as `SASL_SSL`. */
  readonly securityProtocol: string;
}

/** What `/brokers/ids/N` says of a broker. */
export interface BrokerRegistration {
  readonly endpoints: readonly ZnodeEndpoint[];
  readonly rack: string | null;
  /** −1 where there is none. */
  readonly jmxPort: number;
  readonly timestampMs: number;
  readonly features: ReadonlyMap<string, { readonly min: number; readonly max: number }>;
}

/** Writes version 5, that of `inter.broker.protocol.version` 2.7 and later. Source: Java `BrokerIdZNode.encode`. */
export function encodeBrokerRegistration(registration: BrokerRegistration): Uint8Array {
  const { endpoints, rack, jmxPort, timestampMs, features } = registration;
  const plaintext = endpoints.find(({ securityProtocol }) => securityProtocol === 'PLAINTEXT');
  const protocols = new Map(endpoints.map(({ listener, securityProtocol }) => [listener, securityProtocol]));
  const fields: readonly (readonly [string, JsonValue])[] = [
    ['features', inOrder([...features.keys()], (name) => rangeOf(features, name))],
    ['listener_security_protocol_map', inOrder([...protocols.keys()], (name) => protocols.get(name) ?? null)],
    ['endpoints', endpoints.map(endpointText)],
    ...(rack === null ? [] : ([['rack', rack]] as const)),
    ['jmx_port', jmxPort],
    ['port', plaintext?.port ?? -1],
    ['host', plaintext?.host ?? null],
    ['version', 5],
    ['timestamp', String(timestampMs)],
  ];
  return toJsonBytes(new Map(fields));
}

/** Reads versions 1 to 5. @throws ZnodeError */
export function decodeBrokerRegistration(data: Uint8Array | null): BrokerRegistration {
  const reader = readObject('broker registration', data);
  const version = reader.int('version');
  if (version < 1) throw reader.fault(`version ${version} is not known`);
  const features = reader.object('features');
  return {
    endpoints: version === 1 ? [firstEndpoint(reader)] : endpointsOf(reader),
    rack: reader.has('rack') ? reader.string('rack') : null,
    jmxPort: reader.int('jmx_port'),
    timestampMs: reader.has('timestamp') ? reader.longText('timestamp') : -1,
    features: new Map(
      features.keys().map((name) => {
        const range = features.object(name);
        return [name, { min: range.int('min_version'), max: range.int('max_version') }];
      }),
    ),
  };
}

const ENDPOINT = /^(.*):\/\/\[?([0-9a-zA-Z\-%._:]*)\]?:(-?[0-9]+)$/;
/** What listeners are named after when nothing maps them. */
const PROTOCOLS: ReadonlySet<string> = new Set(['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL']);

function firstEndpoint(reader: JsonReader): ZnodeEndpoint {
  const [host, port] = [reader.string('host'), reader.int('port')];
  return { listener: 'PLAINTEXT', host, port, securityProtocol: 'PLAINTEXT' };
}

function endpointsOf(reader: JsonReader): readonly ZnodeEndpoint[] {
  const protocols = reader.has('listener_security_protocol_map')
    ? reader.object('listener_security_protocol_map')
    : undefined;
  return reader.strings('endpoints').map((text) => {
    const [, name = '', host = '', port = ''] = ENDPOINT.exec(text) ?? [];
    const listener = name.toUpperCase();
    if (listener === '') throw reader.fault(`"${text}" is no endpoint`);
    if (protocols !== undefined)
      return { listener, host, port: Number(port), securityProtocol: protocols.string(name) };
    if (!PROTOCOLS.has(listener)) throw reader.fault(`no security protocol is mapped to "${listener}"`);
    return { listener, host, port: Number(port), securityProtocol: listener };
  });
}

function endpointText({ listener, host, port }: ZnodeEndpoint): string {
  return `${listener}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function rangeOf(features: BrokerRegistration['features'], name: string): JsonValue {
  const { min = 0, max = 0 } = features.get(name) ?? {};
  return new Map([
    ['min_version', min],
    ['max_version', max],
  ]);
}

function inOrder(keys: readonly string[], value: (key: string) => JsonValue): JsonValue {
  return new Map(immutableMapOrder(keys).map((key) => [key, value(key)]));
}
