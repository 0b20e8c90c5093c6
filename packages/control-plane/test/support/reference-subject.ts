import {
  type BootedPlane,
  type Implementation,
  REFERENCE_DEFAULTS,
  ReferenceCluster,
  type ReferencePlane,
  type Subject,
} from '@biquorum/control-plane/testing';
import type { NodeId, TopicId } from '@biquorum/metadata';
import { MemoryWorld } from '@biquorum/platform/testing';

/** The reference plane, ready for the suite; `spoil` may change a plane for the worse. */
export function referenceOf(
  seed: number,
  delayMsMax: number,
  spoil: (plane: ReferencePlane, cluster: ReferenceCluster) => BootedPlane['plane'] = (plane) => plane,
): Implementation {
  return {
    name: `the reference plane, seed ${seed}, delays up to ${delayMsMax} ms`,
    async use(body) {
      const world = new MemoryWorld({ seed });
      const controller = world.addHost('controller').ports;
      const cluster = new ReferenceCluster({ clusterId: 'conformance', ports: controller, delayMsMax });
      await world.run(() => body(new ReferenceSubject(world, cluster, spoil)));
      cluster.close();
    },
  };
}

class ReferenceSubject implements Subject {
  readonly ports: Subject['ports'];
  readonly traits: Subject['traits'] = { expiry: 'registers-anew', deadReplicas: 'skipped', withdrawn: 'keeps' };
  readonly #world: MemoryWorld;
  readonly #cluster: ReferenceCluster;
  readonly #spoil: (plane: ReferencePlane, cluster: ReferenceCluster) => BootedPlane['plane'];
  #boots = 0;

  constructor(
    world: MemoryWorld,
    cluster: ReferenceCluster,
    spoil: (plane: ReferencePlane, cluster: ReferenceCluster) => BootedPlane['plane'],
  ) {
    this.#world = world;
    this.#cluster = cluster;
    this.#spoil = spoil;
    this.ports = world.addHost('observer').ports;
  }

  boot(id: NodeId): BootedPlane {
    const name = `broker-${id}-process-${this.#boots++}`;
    const host = this.#world.addHost(name);
    const { ports } = host;
    const plane = this.#cluster.create(REFERENCE_DEFAULTS, ports);
    const endpoint = { listener: 'PLAINTEXT', host: name, port: 9092, securityProtocol: 'PLAINTEXT' } as const;
    return {
      plane: this.#spoil(plane, this.#cluster),
      ports,
      registration: { endpoints: [endpoint] },
      kill: () => host.kill(),
      silence: () => plane.silence(),
      hear: () => plane.hear(),
      expire: () => this.#cluster.expireRegistration(id),
    };
  }

  loseController(): void {
    this.#cluster.loseController();
  }

  restoreController(): void {
    this.#cluster.restoreController();
  }

  loseReplies(count: number): void {
    this.#cluster.loseReplies(count);
  }

  hasConfirmed(id: NodeId): boolean {
    return this.#cluster.government.hasConfirmed(id);
  }

  isDeleted(topicId: TopicId): boolean {
    const { government } = this.#cluster;
    return government.view.topicById(topicId) === undefined && !government.isDeleting(topicId);
  }
}
