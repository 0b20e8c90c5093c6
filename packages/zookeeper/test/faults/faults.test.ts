/**
 * Servers in processes of their own, as operators run them, and what can happen to them: kills, stops, cut links. The
 * long form, with `BIQUORUM_ZOOKEEPER_FAULTS` set to a number of rounds, draws its troubles by seeds.
 */
import { Prng } from '@biquorum/std';
import { expect, test } from 'vitest';
import { Load } from './load.ts';
import { ProcessEnsemble } from './process-ensemble.ts';

/** Only a hang reaches it. */
const LIMIT_MS = 600_000;
const ROUNDS = Number(process.env['BIQUORUM_ZOOKEEPER_FAULTS'] ?? 0);

test('whatever happens to one server of three, clients get on, and sessions keep what they were promised', {
  timeout: LIMIT_MS,
}, async () => {
  await using ensemble = await ProcessEnsemble.start({ servers: 3 });
  await ensemble.untilServing();
  const load = await Load.on(ensemble, new Prng(1));
  await load.progress();
  const others = (id: number): readonly number[] => ensemble.ids.filter((other) => other !== id);

  // A follower is killed, then a leader.
  let leader = await ensemble.untilServing();
  for (const victim of [others(leader)[0] ?? 0, leader]) {
    await ensemble.kill(victim);
    await load.progress();
    await ensemble.start([victim]);
    leader = await ensemble.untilServing();
  }
  // A leader loses one follower without being told: the other one is enough, and leads if it must.
  const [one = 0] = others(leader);
  ensemble.cut(leader, one, 'silence');
  await load.progress();
  ensemble.heal();
  leader = await ensemble.untilServing();
  // A follower loses everybody.
  const [alone = 0] = others(leader);
  ensemble.isolate(alone, 'reset');
  await ensemble.untilIdle([alone]);
  await load.progress();
  ensemble.heal();
  leader = await ensemble.untilServing();
  // A leader loses everybody: the others elect another, and it serves nobody.
  ensemble.isolate(leader, 'silence');
  await ensemble.untilIdle([leader]);
  await ensemble.untilServing(others(leader));
  await load.progress();
  ensemble.heal();
  leader = await ensemble.untilServing();
  // Two of three: nobody is served until one of them is back.
  const inTime = await ensemble.client(leader);
  const followers = others(leader);
  await ensemble.kill(...followers);
  expect((await inTime.create('/without-a-quorum')).err).toBe('closed');
  await ensemble.untilIdle([leader]);
  expect(await ensemble.tryClient(leader)).toBeUndefined();
  const before = load.acknowledged;
  await ensemble.start(followers.slice(0, 1));
  await load.progress();
  expect(load.acknowledged).toBeGreaterThan(before);
  await ensemble.start(followers.slice(1));

  await load.check();
  await load.abandon();
});

test('a leader that is stopped and goes on acknowledges nothing, and shows nothing of what it has missed', {
  timeout: LIMIT_MS,
}, async () => {
  await using ensemble = await ProcessEnsemble.start({ servers: 3 });
  const leader = await ensemble.untilServing();
  const load = await Load.on(ensemble, new Prng(2));
  const old = await ensemble.client(leader);
  expect((await old.create('/shown', 'old')).err).toBeUndefined();
  ensemble.server(leader).stop();
  // It hears of these once it goes on, before it hears of anything else.
  const asked = [old.get('/shown'), old.set('/shown', 'zombie'), old.get('/shown')] as const;
  const others = ensemble.ids.filter((id) => id !== leader);
  await ensemble.untilServing(others);
  const writer = await ensemble.client(others[0] ?? 0);
  expect((await writer.set('/shown', 'new')).err).toBeUndefined();
  await load.progress();
  ensemble.server(leader).go();
  expect(await Promise.all(asked)).toMatchObject([undefined, { err: 'closed' }, undefined]);
  await ensemble.untilServing();
  for (const id of ensemble.ids) {
    const client = await ensemble.client(id);
    await client.sync();
    expect([id, await client.get('/shown')]).toEqual([id, 'new']);
  }
  await load.check();
});

test('five servers without two serve, without three refuse, and go on when one is back', {
  timeout: LIMIT_MS,
}, async () => {
  await using ensemble = await ProcessEnsemble.start({ servers: 5 });
  const leader = await ensemble.untilServing();
  const load = await Load.on(ensemble, new Prng(3));
  await load.progress();
  // The leader among the first two, and one that is only stopped.
  const [one = 0, two = 0, three = 0, four = 0] = ensemble.ids.filter((id) => id !== leader);
  await ensemble.kill(leader);
  ensemble.server(one).stop();
  await load.progress();
  const left = [two, three, four];
  const server = await ensemble.untilServing(left);
  const inTime = await ensemble.client(server);
  await ensemble.kill(...left.filter((id) => id !== server).slice(0, 1));
  const refused = await inTime.create('/without-a-quorum');
  expect(refused.err).toBe('closed');
  const idle = left.filter((id) => ensemble.server(id).isRunning);
  await ensemble.untilIdle(idle);
  for (const id of idle) expect(await ensemble.tryClient(id)).toBeUndefined();
  await ensemble.start([leader]);
  await load.progress();
  ensemble.server(one).go();
  await ensemble.start(left.filter((id) => !ensemble.server(id).isRunning));
  await load.check();
});

test.runIf(ROUNDS > 0).for([3, 5])(
  'troubles as they come, many times over, %i servers',
  { timeout: 0 },
  async (servers) => {
    const prng = new Prng(Number(process.env['BIQUORUM_SEED'] ?? 1)).fork(`${servers}`);
    await using ensemble = await ProcessEnsemble.start({ servers });
    await ensemble.untilServing();
    const load = await Load.on(ensemble, prng.fork('clients'));
    for (let round = 0; round < ROUNDS; round++) {
      await load.progress();
      const leader = await ensemble.untilServing();
      const order = prng.chance(0.6)
        ? [leader, ...ensemble.ids.filter((id) => id !== leader)]
        : prng.shuffle([...ensemble.ids]);
      // Sometimes more than may be missing.
      const victims = order.slice(0, 1 + prng.below((servers + 1) / 2));
      const kind = prng.pick(['kill', 'stop', 'reset', 'silence'] as const);
      const few = victims.length <= (servers - 1) / 2;
      if (kind === 'kill') await ensemble.kill(...victims);
      for (const id of victims) {
        if (kind === 'stop') ensemble.server(id).stop();
        if (kind === 'reset' || kind === 'silence') ensemble.isolate(id, kind);
      }
      if (few) await load.progress();
      else
        await ensemble.untilIdle(kind === 'reset' || kind === 'silence' ? ensemble.ids : order.slice(victims.length));
      ensemble.heal();
      for (const id of victims) if (kind === 'stop') ensemble.server(id).go();
      if (kind === 'kill') await ensemble.start(victims);
    }
    await load.check();
    await load.abandon();
  },
);
