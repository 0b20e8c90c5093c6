import type { MemoryWorld } from '@biquorum/platform/testing';
import type { Prng } from '@biquorum/std';

/** What the faults of one run came to, by kind. */
export type FaultCounts = Record<string, number>;

/**
 * Lets faults befall a world for a while, drawn from the generator: the server loses power, is killed or pauses, links
 * are cut in one direction or in both. What is broken is mended after a while, and everything at the end.
 *
 * @param start - Starts the server's program on its newly started host.
 */
export function letFaultsHappen(
  world: MemoryWorld,
  prng: Prng,
  { server, clients, forMs, start }: { server: string; clients: readonly string[]; forMs: number; start: () => void },
): FaultCounts {
  const counts: FaultCounts = { 'power failures': 0, kills: 0, pauses: 0, cuts: 0 };
  const host = world.host(server);
  const endMs = world.time.nowMs + forMs;

  const restart = (): void => {
    if (host.running) return;
    host.start();
    start();
  };
  const stop = (kind: string, how: () => void): void => {
    if (!host.running) return;
    counts[kind] = (counts[kind] ?? 0) + 1;
    how();
    world.time.after(prng.between(1, 100), restart);
  };
  const faults: readonly (() => void)[] = [
    () => stop('power failures', () => host.powerOff()),
    () => stop('kills', () => host.kill()),
    () => {
      counts['pauses'] = (counts['pauses'] ?? 0) + 1;
      host.pause();
      world.time.after(prng.between(1, 400), () => host.resume());
    },
    () => {
      counts['cuts'] = (counts['cuts'] ?? 0) + 1;
      const client = prng.pick(clients);
      const [from, to] = prng.chance(0.5) ? [client, server] : [server, client];
      const both = prng.chance(0.5);
      world.network.cut(from, to);
      if (both) world.network.cut(to, from);
      world.time.after(prng.between(1, 400), () => {
        world.network.heal(from, to);
        world.network.heal(to, from);
      });
    },
  ];
  const next = (): void => {
    if (world.time.nowMs >= endMs) {
      world.network.healAll();
      host.resume();
      restart();
      return;
    }
    prng.pick(faults)();
    world.time.after(prng.between(5, 150), next);
  };
  world.time.after(prng.between(1, 50), next);
  return counts;
}
