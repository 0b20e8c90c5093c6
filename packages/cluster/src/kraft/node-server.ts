import { Broker } from '@biquorum/broker';
import { KraftNode } from '@biquorum/kraft';
import type { Ports } from '@biquorum/platform';
import type { QuorumStanding } from '../inspection.ts';
import type { RunningNode } from '../running-node.ts';
import { configRules } from './config-rules.ts';
import { readNodeProperties } from './node-properties.ts';

/** What a node is started with. */
export interface NodeServerOptions {
  /** The node's properties, by Kafka's keys. */
  readonly properties: ReadonlyMap<string, string>;
  readonly ports: Ports;
  /**
   * Takes a peer whose connections were reset, and which refuses new ones, for dead at once. Apache waits for its
   * timeouts, and so does this by default.
   */
  readonly detectResets?: boolean;
  /** The node has stopped by itself, for this reason. */
  readonly onHalt?: (reason: string) => void;
}

/**
 * One node of a cluster in KRaft mode, broker or controller or both, as its properties say: what `biquorum server`
 * runs. The storage must be formatted. Production and simulation make nodes by this class and no other.
 */
export class NodeServer implements RunningNode {
  readonly #node: KraftNode;
  readonly broker: Broker | undefined;
  #stopping: Promise<void> | undefined;

  private constructor(node: KraftNode, broker: Broker | undefined) {
    this.#node = node;
    this.broker = broker;
  }

  /**
   * Reads properties and storage; nothing runs yet.
   *
   * @throws KraftSettingsError, SettingsError, StorageError
   */
  static async create({ properties, ports, detectResets = false, onHalt }: NodeServerOptions): Promise<NodeServer> {
    const { settings, brokerSettings } = readNodeProperties(properties);
    const halt = (reason: string): void => onHalt?.(reason);
    const node = await KraftNode.prepare({
      settings,
      ports,
      configRules: configRules(properties),
      detectResets,
      onFailure: (error) => {
        ports.telemetry.log('error', 'the node cannot go on', { error: error as Error });
        halt(String(error));
      },
    });
    const broker =
      brokerSettings === undefined
        ? undefined
        : new Broker({
            settings: brokerSettings,
            ports,
            plane: node.createPlane(ports),
            startTimeoutMs: settings.initialRegistrationTimeoutMs,
            onHalt: ({ message }) => halt(message),
          });
    return new NodeServer(node, broker);
  }

  /** Resolves when the node serves. @throws what stands in the way; then nothing of it runs */
  async start(): Promise<void> {
    try {
      await this.#node.startController();
      await this.broker?.start();
    } catch (error) {
      await this.stop().catch(() => {});
      throw error;
    }
  }

  /** Hands over what it leads, answers what has been asked, and stops. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  get id(): number {
    return this.#node.settings.nodeId;
  }

  get node(): KraftNode {
    return this.#node;
  }

  get activeEpoch(): number | undefined {
    return this.#node.activeEpoch;
  }

  get quorum(): QuorumStanding | undefined {
    const status = this.#node.settings.roles.has('controller') ? this.#node.quorumStatus : undefined;
    if (status === undefined) return undefined;
    const { role, epoch, leaderId, logEndOffset, highWatermark } = status;
    return { role, epoch, leader: leaderId, logEnd: logEndOffset, committed: highWatermark };
  }

  /** `host:port` that clients, or peers of the quorum, find it at; empty while it does not serve. */
  get address(): string {
    const [endpoint] = this.broker?.endpoints ?? this.#node.controllerEndpoints;
    return endpoint === undefined ? '' : `${endpoint.host}:${endpoint.port}`;
  }

  async #stop(): Promise<void> {
    await this.broker?.stop();
    await this.#node.stopController();
  }
}
