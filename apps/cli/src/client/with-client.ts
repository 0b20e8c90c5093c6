import { readFileSync } from 'node:fs';
import { createNodePorts } from '@biquorum/platform/node';
import { type Flag, UsageError } from '../command.ts';
import { type Arguments, wholeNumber } from '../flags.ts';
import { KafkaClient } from './kafka-client.ts';

/** Flags of all tools that talk to brokers. */
export const CLIENT_FLAGS: readonly Flag[] = [
  { name: 'bootstrap-server', value: 'HOST:PORT,…', summary: 'brokers to connect to; one that answers is enough' },
  {
    name: 'command-config',
    value: 'FILE',
    summary:
      'properties of the client: client.id, request.timeout.ms, default.api.timeout.ms, socket.connection.setup.timeout.ms',
  },
  { name: 'json', summary: 'results as JSON' },
];

const DEFAULTS = {
  clientId: 'biquorum',
  requestTimeoutMs: 30_000,
  patienceMs: 60_000,
  connectTimeoutMs: 10_000,
};

/**
 * Runs something with a client of the cluster that the flags name, and closes it afterwards.
 *
 * @throws UsageError when no servers are named
 */
export async function withClient<T>(
  given: Arguments,
  use: (client: KafkaClient) => Promise<T>,
  configFlag: string = 'command-config',
): Promise<T> {
  const controllers = given.value('bootstrap-controller');
  if (controllers !== undefined && given.has('bootstrap-server')) {
    throw new UsageError('give --bootstrap-server or --bootstrap-controller, not both.');
  }
  const bootstrap =
    controllers ??
    given.required(
      'bootstrap-server',
      'name brokers, such as --bootstrap-server 127.0.0.1:9092; "biquorum up" prints its own',
    );
  const settings = await readSettings(given.value(configFlag));
  const ports = createNodePorts();
  const endpoint = controllers === undefined ? 'broker' : 'controller';
  const client = new KafkaClient({ bootstrap, endpoint, ports, ...settings });
  try {
    return await use(client);
  } finally {
    client.close();
    await ports.close();
  }
}

type Settings = typeof DEFAULTS;

async function readSettings(file: string | undefined): Promise<Settings> {
  if (file === undefined) return DEFAULTS;
  const properties = await readProperties(file);
  const protocol = properties.get('security.protocol');
  if (protocol !== undefined && protocol.toUpperCase() !== 'PLAINTEXT') {
    throw new UsageError(`${file}: security.protocol=${protocol} is not served yet; only PLAINTEXT is.`);
  }
  const millis = (key: string, otherwise: number): number => {
    const text = properties.get(key);
    return text === undefined ? otherwise : wholeNumber(`${file}: ${key}`, text, 1, 0x7fff_ffff);
  };
  return {
    clientId: properties.get('client.id') ?? DEFAULTS.clientId,
    requestTimeoutMs: millis('request.timeout.ms', DEFAULTS.requestTimeoutMs),
    patienceMs: millis('default.api.timeout.ms', DEFAULTS.patienceMs),
    connectTimeoutMs: millis('socket.connection.setup.timeout.ms', DEFAULTS.connectTimeoutMs),
  };
}

/** @throws UsageError when the file cannot be read */
export async function readProperties(file: string): Promise<ReadonlyMap<string, string>> {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new UsageError(`${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`, { cause: error });
  }
  const { parseProperties } = await import('@biquorum/log');
  return parseProperties(file, bytes);
}
