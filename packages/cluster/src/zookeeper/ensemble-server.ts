import type { Ports, Timer } from '@biquorum/platform';
import { ClientListener, StandaloneServer } from '@biquorum/zookeeper';
import { ZooKeeperSettingsError } from '@biquorum/zookeeper-controller';
import type { RunningNode } from '../running-node.ts';

/** Do these properties make a server of an ensemble, as `zoo.cfg` says it, and no node of Kafka? */
export function isEnsembleServer(properties: ReadonlyMap<string, string>): boolean {
  return properties.has('clientPort');
}

/**
 * One server of the ensemble at which brokers meet, by the keys of `zoo.cfg`: `clientPort`, `clientPortAddress`,
 * `tickTime`, `minSessionTimeout`, `maxSessionTimeout`, `maxClientCnxns`. It stands alone and keeps its tree in memory.
 */
export class EnsembleServer implements RunningNode {
  readonly broker = undefined;
  readonly activeEpoch = undefined;
  /** Of a server that stands alone. */
  readonly id = 1;
  readonly #ports: Ports;
  readonly #settings: EnsembleServerSettings;
  readonly #server: StandaloneServer;
  readonly #clients: ClientListener;
  #port = 0;
  #beat: Timer | undefined;

  private constructor(settings: EnsembleServerSettings, ports: Ports) {
    this.#settings = settings;
    this.#ports = ports;
    const { tickMs, minSessionTimeoutMs, maxSessionTimeoutMs, host, port, connectionsPerHostMax } = settings;
    this.#server = new StandaloneServer({ clock: ports.clock, tickMs, minSessionTimeoutMs, maxSessionTimeoutMs });
    this.#clients = new ClientListener(this.#server.server, { host, port, connectionsPerHostMax });
  }

  /** Reads its properties; nothing runs yet. @throws ZooKeeperSettingsError */
  static create(properties: ReadonlyMap<string, string>, ports: Ports): EnsembleServer {
    return new EnsembleServer(readSettings(properties), ports);
  }

  get address(): string {
    return this.#port === 0 ? '' : `${this.#settings.host}:${this.#port}`;
  }

  /** @throws NetworkError when its port is taken */
  async start(): Promise<void> {
    this.#port = await this.#clients.open(this.#ports.network);
    const { timers } = this.#ports;
    const beat = (): void => {
      this.#server.tick();
      this.#beat = timers.set(this.#settings.tickMs, beat);
    };
    beat();
  }

  async stop(): Promise<void> {
    this.#beat?.cancel();
    this.#port = 0;
    await this.#clients.close();
  }
}

/** What a server of an ensemble reads of its properties, under the names of `zoo.cfg`. */
interface EnsembleServerSettings {
  readonly host: string;
  readonly port: number;
  readonly tickMs: number;
  readonly minSessionTimeoutMs: number;
  readonly maxSessionTimeoutMs: number;
  readonly connectionsPerHostMax: number;
}

const TICK_MS = 3_000;
const CONNECTIONS_PER_HOST_MAX = 60;
const PORT_MAX = 65_535;

function readSettings(properties: ReadonlyMap<string, string>): EnsembleServerSettings {
  const number = (key: string, otherwise: number, most: number): number => {
    const text = properties.get(key)?.trim() ?? String(otherwise);
    if (/^\d{1,10}$/.test(text) && Number(text) <= most) return Number(text);
    throw new ZooKeeperSettingsError(key, text, `is no whole number up to ${most}`);
  };
  const tickMs = number('tickTime', TICK_MS, 0x7fff_ffff);
  return {
    host: properties.get('clientPortAddress')?.trim() ?? '0.0.0.0',
    port: number('clientPort', 0, PORT_MAX),
    tickMs,
    minSessionTimeoutMs: number('minSessionTimeout', 2 * tickMs, 0x7fff_ffff),
    maxSessionTimeoutMs: number('maxSessionTimeout', 20 * tickMs, 0x7fff_ffff),
    connectionsPerHostMax: number('maxClientCnxns', CONNECTIONS_PER_HOST_MAX, 0x7fff_ffff),
  };
}
