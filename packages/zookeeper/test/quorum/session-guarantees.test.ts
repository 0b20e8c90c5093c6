import { Prng } from '@biquorum/std';
import { expect, test } from 'vitest';
import { Ledger } from './ledger.ts';
import { MemoryEnsemble } from './memory-ensemble.ts';
import { REGISTER, RoamingClient } from './roaming-client.ts';

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
const ROUNDS = 8;

test.for(SEEDS)(
  'whatever happens to the servers, writes are linearizable and sessions keep what they were promised, seed %i',
  { timeout: 120_000 },
  async (seed) => {
    const prng = new Prng(seed);
    const voters = prng.pick([3, 5]);
    const ids = Array.from({ length: voters }, (_, at) => at + 1);
    const ensemble = new MemoryEnsemble({ voters, seed, diskLatencyMs: (_, random) => random.below(8) });
    const { world } = ensemble;
    // What clients say to it arrives late, and after what they have said elsewhere since.
    world.network.setLatency('client', 'zoo1', () => prng.below(300));
    await ensemble.start();
    await ensemble.untilServing();
    const first = await ensemble.client(1);
    await world.run(first.create(REGISTER));
    const ledger = new Ledger();
    const clients = ['a', 'b', 'c', 'd'].map(
      (name) => new RoamingClient(name, ensemble.surroundings, ids, prng.fork(name), ledger),
    );
    let isOver = false;
    const work = Promise.all(clients.map((client) => client.work(() => isOver)));
    work.catch(() => {});
    for (let round = 0; round < ROUNDS; round++) {
      await world.time.runFor(prng.below(4_000));
      await trouble(ensemble, ids, prng);
    }
    await ensemble.untilServing();
    isOver = true;
    await world.run(work, { limitMs: 120_000 });
    const leader = await ensemble.untilServing();
    await ensemble.untilLevel();
    expect([ledger.verdict(), ensemble.failures]).toEqual([[], []]);
    for (const { server } of ensemble.nodes) {
      expect(server.tree.stat(REGISTER)?.version).toBeGreaterThanOrEqual(ledger.newest);
      for (const { ephemeral, own } of clients) {
        expect([ephemeral, server.tree.has(ephemeral)]).toEqual([ephemeral, true]);
        const value = Number(new TextDecoder().decode(server.tree.data(own.path)?.data ?? undefined));
        expect(value).toBeGreaterThanOrEqual(own.acknowledged);
      }
      for (const owner of server.tree.ephemeralOwners()) expect(leader.leading?.sessions.has(owner)).toBe(true);
      expect(server.stats.metrics.counters.digest_mismatches_count.value).toBe(0);
    }
    // Nobody is heard of any more.
    await world.time.runUntil(() => ensemble.nodes.every(({ sessionCount }) => sessionCount === 0), {
      limitMs: 60_000,
    });
    await ensemble.untilLevel();
    for (const { server } of ensemble.nodes) expect([...server.tree.ephemeralOwners()]).toEqual([]);
    expect(new Set(ensemble.nodes.map(({ server }) => server.tree.digest)).size).toBe(1);
    // It was worth something.
    expect(ledger.acknowledged).toBeGreaterThan(20);
    expect(ledger.ended).toBeGreaterThan(0);
    expect(ledger.reads).toBeGreaterThan(100);
    expect(ledger.moves).toBeGreaterThan(4);
  },
);

/** Harms some servers, more often than not with the leader among them, and mends them after a while. */
async function trouble(ensemble: MemoryEnsemble, ids: readonly number[], prng: Prng): Promise<void> {
  const { world } = ensemble;
  const { network } = world;
  const leader = ids.find((id) => ensemble.node(id).state === 'leader');
  const others = prng.shuffle(ids.filter((id) => id !== leader));
  const order = leader !== undefined && prng.chance(0.7) ? [leader, ...others] : prng.shuffle([...ids]);
  const kind = prng.pick(['process', 'power', 'power', 'isolate', 'pause', 'one way'] as const);
  // At most one more than may be missing; but the power can fail everywhere.
  const victims = order.slice(
    0,
    kind === 'power' && prng.chance(0.6) ? ids.length : 1 + prng.below((ids.length + 1) / 2),
  );
  for (const id of victims) {
    const host = `zoo${id}`;
    if (kind === 'process' || kind === 'power') ensemble.kill(id, kind);
    else if (kind === 'pause') ensemble.host(id).pause();
    // Clients still reach it.
    else for (const other of ids) if (other !== id) network.cut(host, `zoo${other}`);
    if (kind === 'isolate') for (const other of ids) if (other !== id) network.cut(`zoo${other}`, host);
  }
  await world.time.runFor(prng.below(12_000));
  network.healAll();
  for (const id of victims) ensemble.host(id).resume();
  if (kind === 'process' || kind === 'power') await ensemble.start(victims);
}
