import { Prng } from '@biquorum/std';
import { Ledger } from './ledger.ts';
import { MemoryEnsemble } from './memory-ensemble.ts';
import { REGISTER, RoamingClient } from './roaming-client.ts';

/** What came of a run. */
export interface SessionRun {
  /** What must not have happened, in words. */
  readonly faults: readonly string[];
  readonly ledger: Ledger;
}

const ROUNDS = 8;

/** Clients with sessions on an ensemble of hosts in memory, whose servers die, pause and lose each other: all by the seed. */
export async function runSessions(seed: number): Promise<SessionRun> {
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
  const faults = [...ledger.verdict(), ...ensemble.failures.map(String)];
  const must = (holds: boolean, otherwise: string): void => void (holds || faults.push(otherwise));
  for (const { server } of ensemble.nodes) {
    must((server.tree.stat(REGISTER)?.version ?? -1) >= ledger.newest, 'a server lacks acknowledged writes');
    for (const { ephemeral, own } of clients) {
      must(server.tree.has(ephemeral), `a server lacks ${ephemeral}, whose session lives`);
      const value = Number(new TextDecoder().decode(server.tree.data(own.path)?.data ?? undefined));
      must(value >= own.acknowledged, `a server has ${value} at ${own.path}, and ${own.acknowledged} was acknowledged`);
    }
    for (const owner of server.tree.ephemeralOwners())
      must(leader.leading?.sessions.has(owner) === true, 'an ephemeral has no session');
    must(server.stats.metrics.counters.digest_mismatches_count.value === 0, 'a digest is not as foretold');
  }
  // Nobody is heard of any more.
  await world.time.runUntil(() => ensemble.nodes.every(({ sessionCount }) => sessionCount === 0), { limitMs: 60_000 });
  await ensemble.untilLevel();
  const left = ensemble.nodes.flatMap(({ server }) => [...server.tree.ephemeralOwners()]);
  must(left.length === 0, 'ephemerals outlive all sessions');
  must(new Set(ensemble.nodes.map(({ server }) => server.tree.digest)).size === 1, 'servers have different trees');
  return { faults, ledger };
}

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
