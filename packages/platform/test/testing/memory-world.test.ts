import type { Connection, Ports } from '@biquorum/platform';
import { type CollectingTelemetry, MemoryWorld } from '@biquorum/platform/testing';
import { describe, expect, it } from 'vitest';

/** A little system with a bit of everything: nodes that gossip random words, keep them on disk, crash and come back. */
async function gossip(seed: number): Promise<{ fingerprint: number; transcript: string }> {
  const world = new MemoryWorld({ seed, latency: (_from, _to, prng) => 0.1 + prng.float() * 5 });
  const names = ['a', 'b', 'c'];
  const transcript: string[] = [];
  const serve = async (name: string, ports: Ports): Promise<void> => {
    const { network, timers, random, disk, clock } = ports;
    const file = disk.open('/words', 'create');
    transcript.push(`${name} finds ${file.size()}`);
    const peers = new Map<string, Connection>();
    await network.listen({ host: name, port: 1 }, (connection) =>
      connection.start({
        data(chunk) {
          transcript.push(`${name} hears ${chunk.join(' ')} at ${clock.monotonicMs()}`);
          file.write(file.size(), [chunk]);
        },
        end: () => connection.end(),
        drained() {},
        closed() {},
      }),
    );
    const tell = (): void => {
      timers.set(5 + (random.uint32() % 20), tell);
      const to = names[random.uint32() % names.length] as string;
      const word = new Uint8Array(4);
      random.fill(word);
      const connection = peers.get(to);
      if (connection !== undefined) connection.write([word]);
      else
        network.dial({ host: to, port: 1, timeoutMs: 50 }).then(
          (made) => {
            peers.set(to, made);
            made.start({ data() {}, end: () => made.end(), drained() {}, closed: () => void peers.delete(to) });
          },
          (error: { code: string }) => transcript.push(`${name} cannot reach ${to}: ${error.code}`),
        );
      void file.sync();
    };
    tell();
  };
  for (const name of names) void serve(name, world.addHost(name).ports);
  await world.time.runFor(200);
  world.host('b').powerOff();
  await world.time.runFor(100);
  void serve('b', world.host('b').start());
  await world.time.runFor(200);
  return { fingerprint: world.time.fingerprint, transcript: transcript.join('\n') };
}

describe('a world in memory', () => {
  it('repeats a run bit for bit from its seed, and runs otherwise from another', async () => {
    const [first, second, other] = [await gossip(42), await gossip(42), await gossip(43)];
    expect(second.transcript).toBe(first.transcript);
    expect(second.fingerprint).toBe(first.fingerprint);
    expect(other.transcript).not.toBe(first.transcript);
    expect(other.fingerprint).not.toBe(first.fingerprint);
    expect(first.transcript.split('\n').length).toBeGreaterThan(50);
  });

  it('gives each host clocks of its own', async () => {
    const world = new MemoryWorld({ seed: 1 });
    const exact = world.addHost('exact').ports.clock;
    const ahead = world.addHost('ahead', { wallOffsetMs: 5_000 }).ports.clock;
    const fast = world.addHost('fast', { clockRate: 1.01 }).ports.clock;
    expect(exact.wallMs()).toBe(Date.UTC(2024, 0, 1));
    const [exactMs, fastMs] = [exact.monotonicMs(), fast.monotonicMs()];
    expect(fastMs).not.toBe(exactMs);
    await world.time.runFor(100_000);
    expect(exact.wallMs()).toBe(Date.UTC(2024, 0, 1) + 100_000);
    expect(ahead.wallMs() - exact.wallMs()).toBe(5_000);
    expect(fast.wallMs() - exact.wallMs()).toBe(1_000);
    expect(exact.monotonicMs() - exactMs).toBe(100_000);
    expect(fast.monotonicMs() - fastMs).toBeCloseTo(101_000, 6);
  });

  it('lets the timers of a host follow its clock', async () => {
    for (const clockRate of [0.9, 1, 1.1]) {
      const world = new MemoryWorld({ seed: 1 });
      const { clock, timers } = world.addHost('one', { clockRate }).ports;
      const setMs = clock.monotonicMs();
      for (let round = 0; round < 50; round++) {
        const before = clock.monotonicMs();
        await world.run(new Promise<void>((resolve) => void timers.set(100, resolve)));
        expect(clock.monotonicMs() - before).toBeGreaterThanOrEqual(100);
      }
      expect(clock.monotonicMs() - setMs).toBeLessThan(50 * 102);
      expect(world.time.nowMs * clockRate).toBeCloseTo(clock.monotonicMs() - setMs, 6);
    }
  });

  it('gives each start of a host other random words, and the same for the same seed', () => {
    const words = (seed: number): number[] => {
      const world = new MemoryWorld({ seed });
      const [a, b] = [world.addHost('a'), world.addHost('b')];
      const first = [a.ports.random.uint32(), b.ports.random.uint32()];
      a.kill();
      return [...first, a.start().random.uint32()];
    };
    expect(words(1)).toEqual(words(1));
    expect(new Set([...words(1), ...words(2)]).size).toBe(6);
  });

  it('has ports only for hosts that run', () => {
    const world = new MemoryWorld({ seed: 1 });
    const host = world.addHost('one');
    expect(() => host.start()).toThrow('is running');
    host.kill();
    host.kill();
    expect(() => host.ports).toThrow('start it first');
    expect(() => world.addHost('one')).toThrow('exists already');
    expect(() => world.host('two')).toThrow('no host two');
  });

  it('collects what its hosts tell', () => {
    const world = new MemoryWorld({ seed: 1 });
    const host = world.addHost('one');
    host.ports.telemetry.child({ partition: 3 }).log('info', 'segment rolled', { baseOffset: 42 });
    host.ports.telemetry.counter('segments.rolled').add();
    const telemetry = host.telemetry as CollectingTelemetry;
    expect(telemetry.named('segment rolled')).toEqual([
      { level: 'info', event: 'segment rolled', fields: { partition: 3, baseOffset: 42 } },
    ]);
    expect(telemetry.metrics.read()).toEqual([{ kind: 'counter', name: 'segments.rolled', labels: {}, value: 1 }]);
  });
});
