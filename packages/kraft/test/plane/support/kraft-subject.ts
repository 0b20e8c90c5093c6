import type { ControlPlane } from '@biquorum/control-plane';
import { type BootedPlane, type Implementation, lossyNetwork, type Subject } from '@biquorum/control-plane/testing';
import type { KraftPlane } from '@biquorum/kraft';
import type { NodeId, TopicId } from '@biquorum/metadata';
import type { Ports } from '@biquorum/platform';
import { MemoryWorld } from '@biquorum/platform/testing';
import { TestQuorum } from './test-quorum.ts';

/** CreateTopics, AlterPartition, Envelope, BrokerRegistration, AllocateProducerIds, AssignReplicasToDirs. */
const COMMANDS: ReadonlySet<number> = new Set([19, 56, 58, 62, 67, 73]);
/** Longer than a broker's session. */
const SILENCE_MS = 11_000;

/** KRaft mode with three controllers on memory hosts, ready for the conformance suite. */
export function kraftOf(seed: number): Implementation {
  return {
    name: `KRaft mode, seed ${seed}`,
    async use(body) {
      const world = new MemoryWorld({ seed });
      const quorum = new TestQuorum(world, 3);
      await world.run(async () => {
        await quorum.start();
        await body(new KraftSubject(world, quorum));
      });
    },
  };
}

interface Process {
  readonly id: NodeId;
  readonly plane: LazyPlane;
  gone: boolean;
}

class KraftSubject implements Subject {
  readonly ports: Subject['ports'];
  readonly traits: Subject['traits'] = { expiry: 'fenced', deadReplicas: 'skipped', withdrawn: 'leaderless' };
  readonly #world: MemoryWorld;
  readonly #quorum: TestQuorum;
  readonly #processes: Process[] = [];
  #repliesToLose = 0;

  constructor(world: MemoryWorld, quorum: TestQuorum) {
    this.#world = world;
    this.#quorum = quorum;
    this.ports = world.addHost('observer').ports;
  }

  boot(id: NodeId): BootedPlane {
    const name = `broker-${id}-process-${this.#processes.length}`;
    const host = this.#world.addHost(name);
    const network = lossyNetwork(host.ports.network, (apiKey) => this.#losesReply(apiKey));
    const plane = new LazyPlane((ports) => this.#quorum.planeOf(id, ports), { ...host.ports, network });
    const process: Process = { id, plane, gone: false };
    plane.onClose = () => {
      process.gone = true;
    };
    this.#processes.push(process);
    const ways = (act: (from: string, to: string) => void): void => {
      for (const controller of this.#quorum.hosts) {
        act(name, controller);
        act(controller, name);
      }
    };
    const silence = (): void => {
      ways((from, to) => this.#world.network.cut(from, to));
      for (const controller of this.#quorum.hosts) this.#world.network.reset(name, controller);
    };
    const hear = (): void => ways((from, to) => this.#world.network.heal(from, to));
    return {
      plane,
      ports: host.ports,
      registration: { endpoints: [{ listener: 'PLAINTEXT', host: name, port: 9092, securityProtocol: 'PLAINTEXT' }] },
      kill: () => {
        process.gone = true;
        host.kill();
      },
      silence,
      hear,
      expire: () => {
        silence();
        this.ports.timers.set(SILENCE_MS, hear);
      },
    };
  }

  loseController(): void {
    for (const name of this.#quorum.hosts) this.#world.host(name).pause();
  }

  restoreController(): void {
    for (const name of this.#quorum.hosts) this.#world.host(name).resume();
  }

  loseReplies(count: number): void {
    this.#repliesToLose += count;
  }

  hasConfirmed(id: NodeId): boolean {
    const process = this.#processes.findLast((one) => one.id === id && !one.gone);
    return (process?.plane.appliedOffset ?? -1) >= this.#quorum.lastChange - 1;
  }

  isDeleted(topicId: TopicId): boolean {
    if (this.#quorum.image?.view.topicById(topicId) !== undefined) return false;
    const ids = new Set(this.#processes.filter(({ gone }) => !gone).map(({ id }) => id));
    return [...ids].every((id) => this.hasConfirmed(id));
  }

  #losesReply(apiKey: number): boolean {
    if (this.#repliesToLose === 0 || !COMMANDS.has(apiKey)) return false;
    this.#repliesToLose -= 1;
    return true;
  }
}

/** A plane whose storage is formatted when it is opened. */
class LazyPlane implements ControlPlane {
  readonly #make: (ports: Ports) => Promise<KraftPlane>;
  readonly #ports: Ports;
  #plane: KraftPlane | undefined;
  #closed = false;
  onClose: () => void = () => {};

  constructor(make: (ports: Ports) => Promise<KraftPlane>, ports: Ports) {
    this.#make = make;
    this.#ports = ports;
  }

  get appliedOffset(): number {
    return this.#plane?.appliedOffset ?? -1;
  }

  async open(...args: Parameters<ControlPlane['open']>): ReturnType<ControlPlane['open']> {
    const plane = await this.#make(this.#ports);
    this.#plane = plane;
    if (this.#closed) await plane.close();
    return plane.open(...args);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.onClose();
    await this.#plane?.close();
  }

  brokerEpoch(): ReturnType<ControlPlane['brokerEpoch']> {
    return this.#plane?.brokerEpoch() ?? (-1 as ReturnType<ControlPlane['brokerEpoch']>);
  }

  enlist: ControlPlane['enlist'] = (...args) => this.#now.enlist(...args);
  withdraw: ControlPlane['withdraw'] = (...args) => this.#now.withdraw(...args);
  alterPartitions: ControlPlane['alterPartitions'] = (...args) => this.#now.alterPartitions(...args);
  allocateProducerIds: ControlPlane['allocateProducerIds'] = () => this.#now.allocateProducerIds();
  createTopics: ControlPlane['createTopics'] = (...args) => this.#now.createTopics(...args);
  reportDirectories: ControlPlane['reportDirectories'] = (...args) => this.#now.reportDirectories(...args);
  advertise: ControlPlane['advertise'] = (...args) => this.#now.advertise(...args);
  handle: ControlPlane['handle'] = (...args) => this.#now.handle(...args);

  get #now(): KraftPlane {
    if (this.#plane === undefined) throw new Error('the plane has not been opened');
    return this.#plane;
  }
}
