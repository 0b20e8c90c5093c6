import { OPEN_ACL, OpCode } from '@biquorum/zookeeper-wire';
import { expect, test } from 'vitest';
import { MemoryEnsemble } from './memory-ensemble.ts';

test('a request that reaches a leader before it has applied its history is served once it has', async () => {
  let slowReads = 0;
  const ensemble = new MemoryEnsemble({
    voters: 3,
    diskLatencyMs: (operation, _, path) =>
      operation === 'read' && path.includes('/log.') && slowReads-- > 0 ? 1_000 : 0,
  });
  await ensemble.start();
  const client = await ensemble.client(ensemble.idOf(await ensemble.untilServing()));
  await ensemble.world.run(client.create('/kept', 'x'));
  await ensemble.untilLevel();
  for (const id of [1, 2, 3]) ensemble.kill(id);
  await ensemble.start();
  // The leader is the first to read what it is to apply.
  slowReads = 1;
  const followers = () => ensemble.nodes.filter(({ state }) => state === 'follower');
  await ensemble.world.time.runUntil(() => followers().length > 0, { limitMs: 60_000 });
  const [follower] = followers();
  if (follower === undefined) expect.fail('nobody follows');
  expect(ensemble.nodes.map(({ state }) => state)).not.toContain('leader');
  expect(await ensemble.tryClient(ensemble.idOf(follower))).toBeDefined();
  expect(ensemble.nodes.map(({ state }) => state)).toContain('leader');
});

test('behind the end of a session nothing of it is done any more: an ephemeral would have nobody left', async () => {
  const ensemble = new MemoryEnsemble({ voters: 3 });
  await ensemble.start();
  const leader = await ensemble.untilServing();
  const { session } = await ensemble.client(ensemble.idOf(leader));
  const [owner] = leader.server.connections;
  if (owner === undefined) expect.fail('nobody is connected');
  const { sessionId } = session;
  const before = leader.server.lastZxid;
  const create = { path: '/left', data: null, acl: OPEN_ACL, flags: 1 };
  leader.submit({ sessionId, cxid: 7, request: { type: OpCode.closeSession }, ids: [], owner });
  leader.submit({ sessionId, cxid: 8, request: { type: OpCode.create, request: create }, ids: [], owner });
  await ensemble.world.time.runUntil(() => leader.server.lastZxid === before + 2, { limitMs: 60_000 });
  await ensemble.untilLevel();
  expect(ensemble.nodes.map(({ server }) => server.tree.has('/left'))).toEqual([false, false, false]);
});

test('a leader that was stopped for long shows nobody what it had: it finds out first that others lead', async () => {
  const ensemble = new MemoryEnsemble({ voters: 3 });
  await ensemble.start();
  const old = ensemble.idOf(await ensemble.untilServing());
  const reader = await ensemble.client(old);
  await ensemble.world.run(reader.create('/said', 'before'));
  await ensemble.untilLevel();
  ensemble.host(old).pause();
  // It waits at the server's door, before its next tick.
  const read = reader.get('/said');
  const others = [1, 2, 3].filter((id) => id !== old);
  const leads = () => others.find((id) => ensemble.node(id).state === 'leader');
  await ensemble.world.time.runUntil(() => leads() !== undefined, { limitMs: 60_000 });
  const writer = await ensemble.client(leads() ?? 0);
  expect((await ensemble.world.run(writer.set('/said', 'after'))).err).toBeUndefined();
  ensemble.host(old).resume();
  expect(await ensemble.world.run(read)).not.toBe('before');
});
