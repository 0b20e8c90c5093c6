import type { Connection, ConnectionHandlers, NetworkError, Ports } from '@biquorum/platform';
import { type MemoryHost, MemoryWorld, type MemoryWorldOptions } from '@biquorum/platform/testing';
import { describe, expect, it } from 'vitest';

/** One end of a connection and what it was told. */
class End implements ConnectionHandlers {
  readonly connection: Connection;
  readonly received: number[] = [];
  readonly chunks: number[] = [];
  ended = false;
  close: { readonly error: NetworkError | undefined } | undefined;

  constructor(connection: Connection) {
    this.connection = connection;
    connection.start(this);
  }

  data(chunk: Uint8Array): void {
    this.received.push(...chunk);
    this.chunks.push(chunk.length);
  }
  end(): void {
    this.ended = true;
  }
  drained(): void {}
  closed(error?: NetworkError): void {
    this.close = { error };
  }

  send(...bytes: number[]): void {
    this.connection.write([Uint8Array.from(bytes)]);
  }
}

interface Couple {
  readonly world: MemoryWorld;
  readonly a: MemoryHost;
  readonly b: MemoryHost;
  /** The end on host a, which has dialled. */
  readonly near: End;
  readonly far: End;
}

const PORT = 9092;

async function createCouple(options: Partial<MemoryWorldOptions> = {}): Promise<Couple> {
  const world = new MemoryWorld({ seed: 1, latency: () => 1, ...options });
  const [a, b] = [world.addHost('a'), world.addHost('b')];
  let far: End | undefined;
  const near = await world.run(async () => {
    await b.ports.network.listen({ host: '0.0.0.0', port: PORT }, (connection) => {
      far = new End(connection);
    });
    return new End(await dial(a.ports));
  });
  await world.time.runUntil(() => far !== undefined);
  return { world, a, b, near, far: far as unknown as End };
}

function dial({ network }: Ports, timeoutMs = 5_000): Promise<Connection> {
  return network.dial({ host: 'b', port: PORT, timeoutMs });
}

describe('the network in memory', () => {
  it('takes as long as its links do, in each direction', async () => {
    const { world, near, far } = await createCouple();
    world.network.setLatency('a', 'b', () => 30);
    world.network.setLatency('b', 'a', () => 4);
    const startMs = world.time.nowMs;
    near.send(1);
    await world.time.runUntil(() => far.received.length > 0);
    expect(world.time.nowMs - startMs).toBe(30);
    far.send(2);
    await world.time.runUntil(() => near.received.length > 0);
    expect(world.time.nowMs - startMs).toBe(34);
    await world.time.runUntilIdle();
    world.network.setLatency('a', 'b', undefined);
    const laterMs = world.time.nowMs;
    near.send(3);
    await world.time.runUntil(() => far.received.length > 1);
    expect(world.time.nowMs - laterMs).toBe(1);
  });

  it('keeps bytes in order, whatever the latencies', async () => {
    const { world, near, far } = await createCouple({ latency: (_from, _to, prng) => prng.below(50) });
    const sent = Array.from({ length: 200 }, (_, index) => index);
    for (const byte of sent) near.send(byte);
    await world.time.runUntilIdle();
    expect(far.received).toEqual(sent);
  });

  it('delivers in pieces of any length, and in whole ones if asked to', async () => {
    const chunks = async (pieces: 'random' | 'whole'): Promise<number[]> => {
      const { world, near, far } = await createCouple({ pieces });
      for (let index = 0; index < 30; index++) near.connection.write([new Uint8Array(100)]);
      await world.time.runUntilIdle();
      return far.chunks;
    };
    expect(await chunks('whole')).toEqual(new Array(30).fill(100));
    expect(new Set(await chunks('random')).size).toBeGreaterThan(5);
  });

  it('holds what is sent over a cut link until it is healed, in that direction only', async () => {
    const { world, near, far } = await createCouple();
    world.network.cut('a', 'b');
    near.send(1);
    far.send(9);
    await world.time.runFor(60_000);
    expect([far.received, near.received]).toEqual([[], [9]]);
    near.send(2);
    world.network.heal('a', 'b');
    await world.time.runUntilIdle();
    expect(far.received).toEqual([1, 2]);
  });

  it('separates the groups of a partition, and heals', async () => {
    const world = new MemoryWorld({ seed: 1 });
    const reached: string[] = [];
    const hosts = ['a', 'b', 'c', 'd'].map((name) => world.addHost(name));
    await world.run(async () => {
      for (const host of hosts) await host.ports.network.listen({ host: host.name, port: PORT }, () => {});
    });
    const tryAll = async (): Promise<string> => {
      reached.length = 0;
      const attempts = hosts.flatMap((from) =>
        hosts.map((to) =>
          from.ports.network.dial({ host: to.name, port: PORT, timeoutMs: 100 }).then(
            () => reached.push(from.name + to.name),
            (error: NetworkError) => expect(error.code).toBe('timeout'),
          ),
        ),
      );
      await world.run(Promise.all(attempts));
      return reached.sort().join(' ');
    };
    world.network.partition(['a', 'b'], ['c']);
    expect(await tryAll()).toBe('aa ab ad ba bb bd cc cd da db dc dd');
    world.network.healAll();
    world.network.isolate('d');
    expect(await tryAll()).toBe('aa ab ac ba bb bc ca cb cc dd');
    world.network.healAll();
    expect(await tryAll()).toHaveLength(16 * 3 - 1);
  });

  it('drops all connections between two hosts when asked to, and only those', async () => {
    const { world, a, near, far } = await createCouple();
    world.addHost('c');
    const other = new End(await world.run(dial(world.host('c').ports)));
    const again = new End(await world.run(dial(a.ports)));
    near.send(1);
    world.network.reset('b', 'a');
    await world.time.runUntilIdle();
    expect([near, far, again].map(({ close }) => close?.error?.code)).toEqual(['reset', 'reset', 'reset']);
    expect(other.close).toBeUndefined();
  });

  it('times out a dial over a link that is cut in either direction', async () => {
    const { world, a } = await createCouple();
    for (const [from, to] of [
      ['a', 'b'],
      ['b', 'a'],
    ] as const) {
      world.network.cut(from, to);
      const startMs = world.time.nowMs;
      await world.run(expect(dial(a.ports, 700)).rejects.toMatchObject({ code: 'timeout', host: 'b', port: PORT }));
      expect(world.time.nowMs - startMs).toBe(700);
      world.network.heal(from, to);
    }
  });

  it('knows only the hosts that there are', async () => {
    const { world, a } = await createCouple();
    const dialling = a.ports.network.dial({ host: 'z', port: PORT, timeoutMs: 100 });
    await world.run(expect(dialling).rejects.toMatchObject({ code: 'unknown-host' }));
  });

  it('overwrites a delivered chunk as soon as its handler has returned', async () => {
    const { world, a, b } = await createCouple();
    const kept: Uint8Array[] = [];
    await world.run(async () => {
      await b.ports.network.listen({ host: 'b', port: 1 }, (connection) =>
        connection.start({ data: (chunk) => void kept.push(chunk), end() {}, drained() {}, closed() {} }),
      );
      new End(await a.ports.network.dial({ host: 'b', port: 1, timeoutMs: 100 })).send(1, 2, 3);
    });
    await world.time.runUntilIdle();
    expect(kept.flatMap((chunk) => [...chunk])).toEqual([0xee, 0xee, 0xee]);
  });

  it('notices bytes that are changed before the write is done', async () => {
    const { world, near } = await createCouple();
    const bytes = Uint8Array.of(1, 2, 3);
    near.connection.write([bytes]);
    bytes[1] = 9;
    await expect(world.time.runUntilIdle()).rejects.toThrow('were changed before write was done');
  });
});

describe('a process that ends', () => {
  it('lets its system end its connections, and refuse new ones', async () => {
    const { world, a, b, near } = await createCouple();
    b.kill();
    await world.time.runUntil(() => near.ended);
    near.send(1);
    await world.time.runUntil(() => near.close !== undefined);
    expect(near.close?.error?.code).toBe('reset');
    await world.run(expect(dial(a.ports)).rejects.toMatchObject({ code: 'refused' }));
  });

  it('resets connections with bytes that it has not read', async () => {
    const { world, b, near, far } = await createCouple();
    far.connection.pause();
    near.send(1);
    await world.time.runFor(10);
    b.kill();
    await world.time.runUntil(() => near.close !== undefined);
    expect(near.close?.error?.code).toBe('reset');
    expect(near.ended).toBe(false);
  });

  it('is told nothing any more', async () => {
    const { world, b, near, far } = await createCouple();
    const { ports } = b;
    let fired = false;
    ports.timers.set(5, () => {
      fired = true;
    });
    near.send(1);
    b.kill();
    await world.time.runUntilIdle();
    expect([fired, far.received, far.close]).toEqual([false, [], undefined]);
    expect(() => far.send(1)).toThrow('host b has been stopped');
  });

  it('can listen again at once when it is started anew', async () => {
    const { world, a, b } = await createCouple();
    b.kill();
    await world.run(b.start().network.listen({ host: 'b', port: PORT }, () => {}));
    await world.run(dial(a.ports));
  });

  it('may end in the middle of delivery', async () => {
    const { world, a, b, near } = await createCouple();
    let calls = 0;
    await world.run(async () => {
      await b.ports.network.listen({ host: 'b', port: 1 }, (connection) =>
        connection.start({
          data() {
            calls++;
            b.kill();
            connection.write([Uint8Array.of(1)]);
          },
          end() {},
          drained() {},
          closed() {},
        }),
      );
      const end = new End(await a.ports.network.dial({ host: 'b', port: 1, timeoutMs: 100 }));
      end.send(...new Array(100).fill(1));
    });
    await world.time.runUntil(() => near.ended);
    await world.time.runUntilIdle();
    expect(calls).toBe(1);
  });
});

describe('a machine that loses its power', () => {
  it('leaves its peers without a word', async () => {
    const { world, a, b, near } = await createCouple();
    b.powerOff();
    near.send(1);
    await world.time.runFor(600_000);
    expect([near.ended, near.close]).toEqual([false, undefined]);
    await world.run(expect(dial(a.ports, 500)).rejects.toMatchObject({ code: 'timeout' }));
  });

  it('answers with a reset when it is back, to those who wait for an acknowledgement', async () => {
    const { world, b, near } = await createCouple();
    b.powerOff();
    near.send(1);
    await world.time.runFor(5_000);
    b.start();
    await world.time.runUntil(() => near.close !== undefined);
    expect(near.close?.error?.code).toBe('reset');
  });

  it('answers with a reset when it is back, to those who send only then', async () => {
    const { world, b, near } = await createCouple();
    b.powerOff();
    b.start();
    await world.time.runFor(60_000);
    expect(near.close).toBeUndefined();
    near.send(1);
    await world.time.runUntil(() => near.close !== undefined);
    expect(near.close?.error?.code).toBe('reset');
  });

  it('is reached by a dial that began while it was off, if that waits long enough', async () => {
    const { world, a, b } = await createCouple();
    b.powerOff();
    const dialling = dial(a.ports, 10_000);
    await world.time.runFor(2_500);
    await world.run(b.start().network.listen({ host: 'b', port: PORT }, () => {}));
    expect((await world.run(dialling)).remote).toEqual({ host: 'b', port: PORT });
  });
});

describe('a process that is paused', () => {
  it('gets everything when it is resumed, though its timers are late', async () => {
    const { world, b, near, far } = await createCouple();
    const { timers } = b.ports;
    let firedMs: number | undefined;
    timers.set(5, () => {
      firedMs = world.time.nowMs;
    });
    const file = b.ports.disk.open('/f', 'create');
    let synced = false;
    void file.sync().then(() => {
      synced = true;
    });
    b.pause();
    near.send(1, 2, 3);
    await world.time.runFor(1_000);
    expect([firedMs, far.received, synced]).toEqual([undefined, [], false]);
    const resumedMs = world.time.nowMs;
    b.resume();
    await world.time.runUntilIdle();
    expect([firedMs, far.received, synced]).toEqual([resumedMs, [1, 2, 3], true]);
  });

  it('is still connected to by its system, and makes others wait when it reads nothing', async () => {
    const { world, a, b, near } = await createCouple();
    b.pause();
    await world.run(dial(a.ports));
    expect(near.connection.write([new Uint8Array(4_000_000)])).toBe(false);
    await world.time.runFor(1_000);
    expect(near.connection.queuedBytes).toBe(4_000_000);
    b.resume();
    await world.time.runUntil(() => near.connection.queuedBytes === 0);
  });
});
