import { type BrokerHost, PlaneError, type PlaneFault } from '@biquorum/control-plane';
import {
  brokerIdPath,
  encodeConfigChange,
  encodeEntityConfig,
  encodeFeatures,
  entityPath,
  PATHS,
  PERSISTENT_PATHS,
} from '@biquorum/kafka-znodes';
import { type ClusterView, NO_BROKER_EPOCH, type NodeId } from '@biquorum/metadata';
import type { Ports } from '@biquorum/platform';
import { MemoryWorld } from '@biquorum/platform/testing';
import { ClientListener, StandaloneServer } from '@biquorum/zookeeper';
import { ZooKeeperClient } from '@biquorum/zookeeper-client';
import {
  type ControllerHost,
  type ControllerService,
  DEFAULT_CONTROLLER_SETTINGS,
  takeBrokerId,
  ZooKeeperPlane,
} from '@biquorum/zookeeper-controller';
import { describe, expect, it } from 'vitest';

const SESSION = { connect: 'ensemble:2181/kafka', sessionTimeoutMs: 6_000, inFlightMax: 10 };

describe('a broker that joins', () => {
  it('makes the paths that Kafka makes, the cluster id, and its znode by create and set', async () => {
    await withWorld(async (world) => {
      const { plane } = await world.join(1, { rack: 'a' });
      const missing = PERSISTENT_PATHS.filter((path) => !world.has(path));
      expect(missing).toEqual([]);
      expect(world.text(PATHS.clusterId)).toMatch(/^\{"version":"1","id":"[A-Za-z0-9_-]{22}"\}$/);
      const text = world.text(brokerIdPath(1));
      const timestamp = JSON.parse(text ?? '').timestamp;
      expect(text).toBe(
        `{"features":{},"listener_security_protocol_map":{"PLAINTEXT":"PLAINTEXT"},"endpoints":["PLAINTEXT://b1:9092"],"rack":"a","jmx_port":-1,"port":9092,"host":"b1","version":5,"timestamp":"${timestamp}"}`,
      );
      const stat = world.server.server.tree.stat(`/kafka${brokerIdPath(1)}`);
      expect([stat?.version, stat?.czxid]).toEqual([1, plane.brokerEpoch()]);
      expect(stat?.ephemeralOwner).toBe(plane.session?.sessionId);
    });
  });

  it('is refused when its directories are of another cluster', async () => {
    await withWorld(async (world) => {
      await world.join(1);
      const fault = await world.join(2, { clusterId: 'SoCk3t5sTbmhGonCKQZsSg' }).then(
        () => undefined,
        (error: unknown) => (error instanceof PlaneError ? error.fault : error),
      );
      expect(fault).toMatchObject({ code: 'cluster-mismatch' });
    });
  });

  it('is refused when another broker tells clients the same address', async () => {
    await withWorld(async (world) => {
      await world.join(1);
      const joining = world.join(2, { host: 'b1' });
      await expect(joining).rejects.toMatchObject({ fault: { code: 'registration-refused' } });
    });
  });

  // Found by the simulation of clusters in ZooKeeper mode, seed 281.
  it('registers under the next session when its session ends before it is registered', async () => {
    await withWorld(async (world) => {
      await world.join(1);
      let ended = 0n;
      const opened = ({ session }: ZooKeeperPlane): void => {
        ended = session?.sessionId ?? 0n;
        world.server.expire(ended);
      };
      const { plane } = await world.join(2, { opened });
      const owner = world.server.server.tree.stat(`/kafka${brokerIdPath(2 as NodeId)}`)?.ephemeralOwner;
      expect(owner).toBe(plane.session?.sessionId);
      expect(owner).not.toBe(ended);
    });
  });

  // As on a machine that is so busy that sessions end before anything has been asked under them.
  it('joins under a later session when the first ones end while it joins', async () => {
    await withWorld(async (world) => {
      // Transactions of each session, in order, after which it ends: its own beginning is the first.
      const lengths = [1, 2, 4, 10];
      const written: Map<bigint, number> = new Map();
      const ended: bigint[] = [];
      world.onTxn((sessionId) => {
        const length = lengths[ended.length] ?? Number.POSITIVE_INFINITY;
        const count = (written.get(sessionId) ?? 0) + 1;
        written.set(sessionId, count);
        if (count !== length || ended.includes(sessionId)) return;
        ended.push(sessionId);
        world.server.expire(sessionId);
      });
      const { plane, host } = await world.join(1, { waitMs: 60_000 });
      expect(ended).toHaveLength(4);
      expect(ended).not.toContain(plane.session?.sessionId);
      const owner = world.server.server.tree.stat(`/kafka${brokerIdPath(1 as NodeId)}`)?.ephemeralOwner;
      expect(owner).toBe(plane.session?.sessionId);
      expect(host.halts).toEqual([]);
    });
  });

  it('is told in time that no session lasts', async () => {
    await withWorld(async (world) => {
      const seen: Set<bigint> = new Set();
      world.onTxn((sessionId) => {
        if (!seen.has(sessionId)) world.server.expire(sessionId);
        seen.add(sessionId);
      });
      const fault = await world.join(1, { waitMs: 10_000 }).then(
        () => undefined,
        (error: unknown) => (error instanceof PlaneError ? error.fault : error),
      );
      expect(fault).toMatchObject({ code: 'unreachable' });
      expect(seen.size).toBeGreaterThan(2);
    });
  });

  it('gets a number above the reserved ones when it has none, each a number of its own', async () => {
    await withWorld(async (world) => {
      const ids = [];
      for (let count = 0; count < 3; count++) ids.push(await takeBrokerId(SESSION, world.ports, 10_000, 1_000));
      expect(ids).toEqual([1_001, 1_002, 1_003]);
    });
  });

  it('sees nothing of a cluster under another path', async () => {
    await withWorld(async (world) => {
      const one = await world.join(1);
      const two = await world.join(1, { connect: 'ensemble:2181/other', host: 'elsewhere' });
      expect(two.plane.brokerEpoch()).toBeGreaterThan(one.plane.brokerEpoch());
      expect(world.server.server.tree.has('/other/brokers/ids/1')).toBe(true);
      expect(two.host.view?.clusterId).not.toBe(one.host.view?.clusterId);
    });
  });
});

describe('a broker whose session expires', () => {
  it('has its controller resign first, and registers with a larger epoch', async () => {
    await withWorld(async (world) => {
      const { plane, calls } = await world.join(1);
      const before = plane.brokerEpoch();
      world.server.expire(plane.session?.sessionId ?? 0n);
      await world.until(() => plane.brokerEpoch() !== before);
      expect(plane.brokerEpoch()).toBeGreaterThan(before);
      await world.until(() => calls.length === 3);
      expect(calls).toEqual([`registered ${before}`, 'expired', `registered ${plane.brokerEpoch()}`]);
    });
  });

  it('halts when its id is taken meanwhile', async () => {
    await withWorld(async (world) => {
      const { plane, host } = await world.join(1);
      const thief = world.client();
      await thief.untilConnected();
      thief.addWatch(brokerIdPath(1), 'persistent', ({ type }) => {
        if (type === 'NodeDeleted') void thief.create(brokerIdPath(1), null, { mode: 'ephemeral' });
      });
      await thief.exists(brokerIdPath(1));
      world.server.expire(plane.session?.sessionId ?? 0n);
      await world.until(() => host.halts.length > 0);
      expect(host.halts.map(({ code }) => code)).toEqual(['id-taken']);
    });
  });
});

describe('what every broker watches', () => {
  it('is dynamic configuration, told by notifications and read again', async () => {
    await withWorld(async (world) => {
      const { host } = await world.join(1);
      const admin = world.client();
      const change = async (type: 'topics' | 'brokers', entity: string, values: Record<string, string>) => {
        await admin.createPath(entityPath(type, entity));
        await admin.setData(entityPath(type, entity), encodeEntityConfig(new Map(Object.entries(values))));
        await admin.create(`${PATHS.configChanges}/config_change_`, encodeConfigChange(`${type}/${entity}`), {
          mode: 'persistentSequential',
        });
      };
      await change('topics', 't', { 'retention.ms': '5' });
      await change('brokers', '<default>', { 'message.max.bytes': '6' });
      await change('brokers', '1', { 'log.cleaner.threads': '2' });
      const seen = (type: 'topic' | 'broker', name: string) => [...(host.view?.configOf({ type, name }) ?? [])];
      await world.until(() => seen('broker', '1').length > 0);
      expect(seen('topic', 't')).toEqual([['retention.ms', '5']]);
      expect(seen('broker', '')).toEqual([['message.max.bytes', '6']]);
      await new Promise<void>((resolve) => void world.ports.timers.set(16 * 60_000, resolve));
      await change('topics', 't', {});
      await world.until(() => seen('topic', 't').length === 0);
      // The old ones have been seen by all.
      const changes = (): unknown => world.server.server.tree.children(`/kafka${PATHS.configChanges}`);
      await world.until(() => JSON.stringify(changes()) === '["config_change_0000000003"]');
    });
  });

  it('is the cluster’s features; one that it does not have stops it', async () => {
    await withWorld(async (world) => {
      const { host } = await world.join(1);
      const admin = world.client();
      await admin.create(PATHS.feature, encodeFeatures({ enabled: true, levels: new Map() }));
      await world.until(() => host.view?.features.epoch === 0);
      await admin.setData(PATHS.feature, encodeFeatures({ enabled: true, levels: new Map([['unknown', 3]]) }));
      await world.until(() => host.halts.length > 0);
      expect(host.halts[0]).toMatchObject({ code: 'features-incompatible' });
      expect((host.halts[0] as PlaneFault).message).toContain('unknown');
    });
  });
});

/** A broker that takes whatever comes. */
class QuietHost implements BrokerHost {
  readonly identity: BrokerHost['identity'];
  readonly halts: PlaneFault[] = [];
  view: ClusterView | undefined;

  constructor(id: number, rack: string | null) {
    this.identity = {
      id: id as NodeId,
      incarnationId: 'AAAAAAAAAAAAAAAAAAAAAQ',
      rack,
      directories: [],
      previousBrokerEpoch: NO_BROKER_EPOCH,
      supportedFeatures: new Map(),
    };
  }

  publish(_delta: unknown, view: ClusterView): void {
    this.view = view;
  }

  assign: BrokerHost['assign'] = async () => [];
  authorize: BrokerHost['authorize'] = () => true;

  halt(reason: PlaneFault): void {
    this.halts.push(reason);
  }
}

interface Joined {
  readonly plane: ZooKeeperPlane;
  readonly host: QuietHost;
  /** What its controller was told. */
  readonly calls: string[];
}

interface JoinOptions {
  readonly rack?: string;
  readonly clusterId?: string;
  readonly host?: string;
  readonly connect?: string;
  /** How long it may take to join. */
  readonly waitMs?: number;
  /** Called before it is registered. */
  readonly opened?: (plane: ZooKeeperPlane) => void;
}

interface TestWorld {
  readonly server: StandaloneServer;
  readonly ports: Ports;
  join(id: number, options?: JoinOptions): Promise<Joined>;
  /** Tells of the session of each transaction, in a turn of its own. */
  onTxn(told: (sessionId: bigint) => void): void;
  client(): ZooKeeperClient;
  has(path: string): boolean;
  text(path: string): string | undefined;
  until(condition: () => boolean): Promise<void>;
}

/** A ZooKeeper in memory and brokers whose controllers write down what they are told and do nothing. */
function withWorld(body: (world: TestWorld) => Promise<void>): Promise<void> {
  const world = new MemoryWorld({ seed: 1 });
  const ensemble = world.addHost('ensemble').ports;
  const { ports } = world.addHost('observer');
  const server = new StandaloneServer({ clock: ensemble.clock });
  const { tree } = server.server;
  let hosts = 0;
  return world.run(async () => {
    await new ClientListener(server.server, { host: '0.0.0.0', port: 2181, connectionsPerHostMax: 0 }).open(
      ensemble.network,
    );
    await body({
      server,
      ports,
      async join(
        id,
        { rack, clusterId, host: advertised = `b${id}`, connect = SESSION.connect, waitMs = 10_000, opened } = {},
      ) {
        const own = world.addHost(`host-${hosts++}`).ports;
        const calls: string[] = [];
        const plane = new ZooKeeperPlane(
          {
            session: { ...SESSION, connect },
            clusterId: clusterId ?? null,
            settings: DEFAULT_CONTROLLER_SETTINGS,
            configRules: {
              check: () => null,
              isList: () => false,
              isPassword: (_resource, key) => key.endsWith('.password'),
              defaultOf: () => null,
              describeTopic: () => [],
              staticTopicValue: () => null,
            },
            createController: (host) => writingDown(host, calls),
            shutdownTriesMax: 3,
            shutdownBackoffMs: 5_000,
          },
          own,
        );
        const host = new QuietHost(id, rack ?? null);
        host.view = await plane.open(host, own.clock.monotonicMs() + waitMs);
        opened?.(plane);
        const endpoint = {
          listener: 'PLAINTEXT',
          host: advertised,
          port: 9092,
          securityProtocol: 'PLAINTEXT',
        } as const;
        await plane.enlist({ endpoints: [endpoint] });
        return { plane, host, calls };
      },
      onTxn(told) {
        const apply = server.server.apply.bind(server.server);
        server.server.apply = (txn) => {
          apply(txn);
          ports.timers.soon(() => told(txn.header.clientId));
        };
      },
      client: () => new ZooKeeperClient({ connect: SESSION.connect, ports }),
      has: (path) => tree.has(`/kafka${path}`),
      text: (path) => {
        const data = tree.data(`/kafka${path}`)?.data;
        return data == null ? undefined : new TextDecoder().decode(data);
      },
      async until(condition) {
        while (!condition()) await new Promise<void>((resolve) => void ports.timers.set(5, resolve));
      },
    });
  });
}

function writingDown(_host: ControllerHost, calls: string[]): ControllerService {
  return {
    activeEpoch: undefined,
    registered: (_session, epoch) => void calls.push(`registered ${epoch}`),
    expired: async () => void calls.push('expired'),
    handle: async () => ({ kind: 'close', reason: 'nothing is served here' }),
    close: async () => {},
  };
}
