import { expect, test } from 'vitest';
import { MemoryEnsemble } from './memory-ensemble.ts';

test('three servers elect one of them, and what a client of any of them writes all of them have', async () => {
  const ensemble = new MemoryEnsemble({ voters: 3 });
  await ensemble.start();
  const leader = await ensemble.untilServing();
  expect(ensemble.nodes.map(({ state }) => state).sort()).toEqual(['follower', 'follower', 'leader']);
  for (const id of [1, 2, 3]) {
    const client = await ensemble.client(id);
    const { err } = await ensemble.world.run(client.create(`/from-${id}`, `${id}`));
    expect(err).toBeUndefined();
  }
  await ensemble.untilLevel();
  for (const { server } of ensemble.nodes) {
    expect(server.tree.digest).toBe(leader.server.tree.digest);
    expect([1, 2, 3].every((id) => server.tree.has(`/from-${id}`))).toBe(true);
  }
  expect(ensemble.failures).toEqual([]);
});
