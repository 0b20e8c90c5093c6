import { Broker, type BrokerSettings, readBrokerSettings } from '@biquorum/broker';
import { ZOOKEEPER_KEYS } from '@biquorum/control-plane';
import type { Ports } from '@biquorum/platform';
import {
  createController,
  readZooKeeperSettings,
  takeBrokerId,
  ZooKeeperPlane,
  type ZooKeeperSettings,
  ZooKeeperSettingsError,
} from '@biquorum/zookeeper-controller';
import { configRules } from '../kraft/config-rules.ts';
import type { NodeServerOptions } from '../kraft/node-server.ts';
import type { RunningNode } from '../running-node.ts';
import { markLogOwner, readLogOwner } from './log-owner.ts';

/** Do these properties make a broker in ZooKeeper mode? Then there are no roles, and there is an ensemble. */
export function isZooKeeperMode(properties: ReadonlyMap<string, string>): boolean {
  const given = (key: string): boolean => (properties.get(key)?.trim() ?? '') !== '';
  return !given('process.roles') && given('zookeeper.connect');
}

/**
 * One broker in ZooKeeper mode, with the controller that it carries: what `biquorum server` runs for properties with
 * `zookeeper.connect`. Production and simulation make brokers by this class and no other.
 */
export class ZooKeeperServer implements RunningNode {
  readonly broker: Broker;
  readonly #plane: ZooKeeperPlane;
  readonly #ports: Ports;
  #stopped = false;

  private constructor(broker: Broker, plane: ZooKeeperPlane, ports: Ports) {
    this.broker = broker;
    this.#plane = plane;
    this.#ports = ports;
  }

  /**
   * Reads properties and directories; a broker without a number gets one from the ensemble. Nothing else runs yet.
   *
   * @throws ZooKeeperSettingsError, SettingsError, PlaneError
   */
  static async create({
    properties,
    ports,
    onHalt,
  }: Omit<NodeServerOptions, 'detectResets'>): Promise<ZooKeeperServer> {
    const directories = directoriesOf(properties);
    const owner = await readLogOwner(ports.disk, directories);
    const own = await withBrokerId(properties, owner.brokerId, ports);
    const settings = readBrokerSettings(own, ZOOKEEPER_KEYS);
    if (owner.brokerId !== undefined && owner.brokerId !== settings.id) {
      const remedy = `is not that of the log directories, which are of broker ${owner.brokerId}`;
      throw new ZooKeeperSettingsError('broker.id', String(settings.id), remedy);
    }
    const { session, controller, shutdownTriesMax, shutdownBackoffMs, connectionTimeoutMs } = settingsOf(own, settings);
    const plane = new ZooKeeperPlane(
      {
        session,
        clusterId: owner.clusterId ?? null,
        settings: controller,
        configRules: configRules(own),
        createController,
        shutdownTriesMax,
        shutdownBackoffMs,
        onClusterId: (clusterId) =>
          markLogOwner(ports.disk, settings.logDirectories, { clusterId, brokerId: settings.id }),
      },
      ports,
    );
    const broker = new Broker({
      settings,
      ports,
      plane,
      startTimeoutMs: connectionTimeoutMs,
      onHalt: ({ message }) => onHalt?.(message),
    });
    return new ZooKeeperServer(broker, plane, ports);
  }

  get id(): number {
    return this.broker.id;
  }

  get activeEpoch(): number | undefined {
    return this.#plane.controller?.activeEpoch;
  }

  /** Brokers vote in no quorum here: they meet at their ensemble. */
  get quorum(): undefined {
    return undefined;
  }

  get address(): string {
    const [endpoint] = this.broker.endpoints;
    return endpoint === undefined ? '' : `${endpoint.host}:${endpoint.port}`;
  }

  /**
   * Resolves when clients are served: a controller has told this broker of itself, or has not for half a minute.
   *
   * @throws what stands in the way; then nothing of it runs
   */
  async start(): Promise<void> {
    try {
      await this.broker.start();
      await this.#untilTold();
    } catch (error) {
      await this.broker.stop().catch(() => {});
      throw error;
    }
  }

  stop(): Promise<void> {
    this.#stopped = true;
    return this.broker.stop();
  }

  async #untilTold(): Promise<void> {
    const { clock, timers } = this.#ports;
    const deadline = clock.monotonicMs() + TOLD_MS_MAX;
    while (!this.#stopped && !this.broker.view.brokers.has(this.id) && clock.monotonicMs() < deadline) {
      await new Promise<void>((resolve) => {
        timers.set(LOOK_EVERY_MS, resolve);
      });
    }
  }
}

const TOLD_MS_MAX = 30_000;
const LOOK_EVERY_MS = 5;

function settingsOf(properties: ReadonlyMap<string, string>, broker: BrokerSettings): ZooKeeperSettings {
  return readZooKeeperSettings(properties, broker.interBrokerListener);
}

async function withBrokerId(
  properties: ReadonlyMap<string, string>,
  remembered: number | undefined,
  ports: Ports,
): Promise<ReadonlyMap<string, string>> {
  const given = Number(properties.get('broker.id') ?? properties.get('node.id') ?? -1);
  if (given !== -1) return properties;
  const id = remembered ?? (await generateId(properties, ports));
  const { 'node.id': _, ...rest } = Object.fromEntries(properties);
  return new Map([...Object.entries(rest), ['broker.id', String(id)]]);
}

async function generateId(properties: ReadonlyMap<string, string>, ports: Ports): Promise<number> {
  const { session, generatedIdsAbove, connectionTimeoutMs } = readZooKeeperSettings(properties, '');
  if (generatedIdsAbove !== null) return takeBrokerId(session, ports, connectionTimeoutMs, generatedIdsAbove);
  throw new ZooKeeperSettingsError(
    'broker.id',
    '-1',
    'needs broker.id.generation.enable=true; or give the broker a number',
  );
}

function directoriesOf(properties: ReadonlyMap<string, string>): readonly string[] {
  const text = properties.get('log.dirs') ?? properties.get('log.dir') ?? '/tmp/kafka-logs';
  return text
    .split(',')
    .map((path) => path.trim())
    .filter((path) => path !== '');
}
