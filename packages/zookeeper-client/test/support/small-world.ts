import { type MemoryHost, MemoryWorld } from '@biquorum/platform/testing';
import { ClientListener, StandaloneServer } from '@biquorum/zookeeper';
import { type ClientOptions, ZooKeeperClient } from '../../src/index.ts';

/** A ZooKeeper with two doors, each on a host of its own, and clients on other hosts. */
export class SmallWorld {
  readonly world: MemoryWorld;
  readonly alone: StandaloneServer;
  readonly doors: ClientListener[] = [];
  #clients = 0;

  constructor(seed = 1, tickMs = 2_000) {
    this.world = new MemoryWorld({ seed });
    const { ports } = this.world.addHost('core');
    this.alone = new StandaloneServer({ clock: ports.clock, tickMs });
    const beat = (): void => {
      this.alone.tick();
      ports.timers.set(tickMs / 2, beat);
    };
    beat();
  }

  async open(): Promise<this> {
    for (const name of ['door-0', 'door-1']) {
      const { ports } = this.world.addHost(name);
      const door = new ClientListener(this.alone.server, { host: '0.0.0.0', port: 2181, connectionsPerHostMax: 0 });
      await door.open(ports.network);
      this.doors.push(door);
    }
    return this;
  }

  client(over: Partial<ClientOptions> = {}): ZooKeeperClient & { readonly host: MemoryHost } {
    const host = this.world.addHost(`client-${this.#clients++}`);
    const client = new ZooKeeperClient({ connect: 'door-0:2181,door-1:2181', ports: host.ports, ...over });
    return Object.assign(client, { host });
  }

  /** A client of both doors that has come in by the first, whichever it had drawn. */
  async clientAtFirst(over: Partial<ClientOptions> = {}): Promise<ZooKeeperClient & { readonly host: MemoryHost }> {
    const client = this.client(over);
    this.world.network.partition([client.host.name], ['door-1']);
    await client.untilConnected();
    this.world.network.healAll();
    return client;
  }

  /** Runs a test in virtual time. */
  static run(body: (world: SmallWorld) => Promise<void>, seed?: number): Promise<void> {
    const small = new SmallWorld(seed);
    return small.world.run(async () => {
      await small.open();
      await body(small);
    });
  }
}
