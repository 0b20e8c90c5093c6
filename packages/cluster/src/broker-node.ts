import { Broker, readBrokerSettings } from '@biquorum/broker';
import type { ControlPlane } from '@biquorum/control-plane';
import type { NodeId } from '@biquorum/metadata';
import type { Ports } from '@biquorum/platform';
import type { NodeStatus } from './cluster.ts';
import { type GatedPorts, gatePorts } from './gated-ports.ts';

/** One broker of a cluster in this process: its properties outlive its runs. */
export class BrokerNode {
  readonly id: NodeId;
  readonly #ports: Ports;
  readonly #properties: Map<string, string>;
  readonly #plane: (ports: Ports) => ControlPlane;
  #run: { readonly broker: Broker; readonly gated: GatedPorts } | undefined;
  #paused = false;

  constructor(id: NodeId, ports: Ports, properties: Map<string, string>, plane: (ports: Ports) => ControlPlane) {
    this.id = id;
    this.#ports = ports;
    this.#properties = properties;
    this.#plane = plane;
  }

  /** Undefined while it does not run. */
  get broker(): Broker | undefined {
    return this.#run?.broker;
  }

  get status(): NodeStatus {
    const endpoint = this.broker?.endpoints[0];
    return {
      role: 'broker',
      id: this.id,
      address: endpoint === undefined ? '' : `${endpoint.host}:${endpoint.port}`,
      state: this.#run === undefined ? 'stopped' : this.#paused ? 'paused' : 'running',
    };
  }

  /** Does it serve as the leader of a partition, by what its own view says too? */
  leads(topic: string, partition: number): boolean {
    if (this.#run === undefined || this.#paused) return false;
    const { broker } = this.#run;
    const leadership = broker.core?.replicas.find(topic, partition)?.leadership;
    const known = broker.view.topics.get(topic);
    return leadership !== undefined && known?.leaderEpochOf(partition) === leadership.leaderEpoch;
  }

  async start(): Promise<void> {
    if (this.#run !== undefined) return;
    const gated = gatePorts(this.#ports);
    const broker = new Broker({
      settings: readBrokerSettings(this.#properties),
      ports: gated.ports,
      plane: this.#plane(gated.ports),
    });
    this.#run = { broker, gated };
    this.#paused = false;
    try {
      await broker.start();
    } catch (error) {
      this.#run = undefined;
      await gated.kill();
      throw error;
    }
    this.#keepPort();
  }

  async stop(): Promise<void> {
    this.resume();
    const run = this.#run;
    this.#run = undefined;
    await run?.broker.stop();
  }

  async kill(): Promise<void> {
    const run = this.#run;
    this.#run = undefined;
    this.#paused = false;
    await run?.gated.kill();
  }

  pause(): void {
    this.#run?.gated.pause();
    this.#paused = this.#run !== undefined;
  }

  resume(): void {
    this.#paused = false;
    this.#run?.gated.resume();
  }

  /** A broker that comes back is found where clients know it. */
  #keepPort(): void {
    const endpoint = this.broker?.endpoints[0];
    if (endpoint !== undefined) this.#properties.set('listeners', `PLAINTEXT://127.0.0.1:${endpoint.port}`);
  }
}
