import { expect, test } from 'vitest';
import { MemoryEnsemble } from './memory-ensemble.ts';

// A server carries out what one client asks in the order in which it was asked (ZooKeeper's "FIFO client order").

const ROUNDS = 30;

test.each([1, 2, 3])(
  'a read behind a sync does not see what its client has written behind it: server %i',
  async (id) => {
    const ensemble = new MemoryEnsemble({ voters: 3, diskLatencyMs: (_operation, prng) => prng.between(0, 3) });
    await ensemble.start();
    await ensemble.untilServing();
    const client = await ensemble.client(id);
    const other = await ensemble.client((id % 3) + 1);
    await ensemble.world.run(client.create('/own', 'value 0'));
    for (let round = 1; round <= ROUNDS; round++) {
      const [made, , , seen, set] = await ensemble.world.run(
        Promise.all([
          other.create(`/other-${round}`),
          client.create(`/before-${round}`),
          client.sync(),
          client.get('/own'),
          client.set('/own', `value ${round}`),
          client.create(`/behind-${round}`),
        ]),
      );
      expect([made.err, seen, set.err]).toEqual([undefined, `value ${round - 1}`, undefined]);
    }
  },
  120_000,
);

test.each([1, 2, 3])(
  'a request before the end of its session is carried out: server %i',
  async (id) => {
    const ensemble = new MemoryEnsemble({ voters: 3 });
    await ensemble.start();
    await ensemble.untilServing();
    const client = await ensemble.client(id);
    const [made, seen, closed] = await ensemble.world.run(
      Promise.all([client.create('/own', 'value'), client.get('/own'), client.ask('closeSession')]),
    );
    expect([made.err, seen, closed.err]).toEqual([undefined, 'value', undefined]);
  },
  60_000,
);
