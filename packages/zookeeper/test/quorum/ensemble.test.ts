import { ByteReader } from '@biquorum/std';
import { dataReply, pathWatchRequest } from '@biquorum/zookeeper-wire';
import { expect, test } from 'vitest';
import { MemoryEnsemble } from './memory-ensemble.ts';
import { SocketClient } from './socket-client.ts';

const EPHEMERAL = 1;

/** All servers that run show the same tree. */
async function expectSame(ensemble: MemoryEnsemble): Promise<void> {
  await ensemble.untilServing();
  await ensemble.untilLevel();
  const digests = new Set(ensemble.nodes.map(({ server }) => server.tree.digest));
  const mismatches = ensemble.nodes.map(({ server }) => server.stats.metrics.counters.digest_mismatches_count.value);
  const sessions = new Set(ensemble.nodes.map(({ sessionCount }) => sessionCount));
  expect([digests.size, sessions.size, mismatches.every((count) => count === 0)]).toEqual([1, 1, true]);
  expect(ensemble.failures).toEqual([]);
}

test('three servers elect one of them, and what a client of any of them writes all of them have', async () => {
  const ensemble = new MemoryEnsemble({ voters: 3 });
  await ensemble.start();
  await ensemble.untilServing();
  expect(ensemble.nodes.map(({ state }) => state).sort()).toEqual(['follower', 'follower', 'leader']);
  for (const id of [1, 2, 3]) {
    const client = await ensemble.client(id);
    const { err } = await ensemble.world.run(client.create(`/from-${id}`, `${id}`));
    expect(err).toBeUndefined();
  }
  await expectSame(ensemble);
  for (const { server } of ensemble.nodes) expect([1, 2, 3].every((id) => server.tree.has(`/from-${id}`))).toBe(true);
});

test('requests of one client are answered in their order, by a follower as by the leader', async () => {
  const ensemble = new MemoryEnsemble({ voters: 3 });
  await ensemble.start();
  await ensemble.untilServing();
  for (const id of [1, 2, 3]) {
    const client = await ensemble.client(id);
    const seen: string[] = [];
    await ensemble.world.run(async () => {
      const all: Promise<void>[] = [];
      for (let turn = 0; turn < 30; turn++) {
        const path = `/ordered-${id}-${turn}`;
        all.push(client.create(path, `${turn}`).then(() => void seen.push(`created ${turn}`)));
        // What was just written is there to be read.
        all.push(
          client.ask('getData', pathWatchRequest, { path, watch: false }).then(({ body }) => {
            const { data } = dataReply.read(body ?? new ByteReader(new Uint8Array(0)));
            seen.push(`read ${new TextDecoder().decode(data ?? undefined)}`);
          }),
        );
      }
      await Promise.all(all);
    });
    expect(seen).toEqual(Array.from({ length: 30 }, (_, turn) => [`created ${turn}`, `read ${turn}`]).flat());
  }
});

test('errors of a write are those of the leader, and take a zxid on all servers', async () => {
  const ensemble = new MemoryEnsemble({ voters: 3 });
  await ensemble.start();
  await ensemble.untilServing();
  for (const id of [1, 2, 3]) {
    const client = await ensemble.client(id);
    await ensemble.untilLevel();
    const before = ensemble.node(id).server.lastZxid;
    const { err, zxid } = await ensemble.world.run(client.set('/nowhere', 'x'));
    expect([err, zxid]).toEqual(['NoNode', before + 1]);
  }
  await expectSame(ensemble);
});

test.each([1, 2, 3])('a session goes on at another server when the one that served it dies (server %i)', async (id) => {
  const ensemble = new MemoryEnsemble({ voters: 3, seed: id });
  await ensemble.start();
  await ensemble.untilServing();
  const client = await ensemble.client(id);
  await ensemble.world.run(client.create('/mine', 'x', EPHEMERAL));
  ensemble.kill(id);
  await ensemble.untilServing();
  const other = (id % 3) + 1;
  const again = await ensemble.client(other, client.session);
  expect(again.session.sessionId).toBe(client.session.sessionId);
  expect(await ensemble.world.run(again.get('/mine'))).toBe('x');
  expect((await ensemble.world.run(again.set('/mine', 'y'))).err).toBeUndefined();
  await ensemble.start([id]);
  await expectSame(ensemble);
  expect(ensemble.node(id).server.tree.ephemeralsOf(client.session.sessionId)).toEqual(new Set(['/mine']));
});

test('a leader makes a snapshot each time that it is elected, who follows it does not', async () => {
  const ensemble = new MemoryEnsemble({ voters: 3 });
  await ensemble.start();
  const first = ensemble.idOf(await ensemble.untilServing());
  const client = await ensemble.client(first);
  await ensemble.world.run(client.create('/one', 'x'));
  await ensemble.untilLevel();
  const { lastZxid } = ensemble.node(first).server;
  ensemble.kill(first);
  const leader = ensemble.idOf(await ensemble.untilServing());
  const snapshots = (id: number) =>
    ensemble
      .host(id)
      .disk.paths()
      .filter((path) => /snapshot\.[0-9a-f]+$/.test(path));
  await ensemble.world.time.runUntil(() => snapshots(leader).length === 2, { limitMs: 60_000 });
  expect(snapshots(leader)).toContain(`/data/version-2/snapshot.${lastZxid.toString(16)}`);
  expect(snapshots(6 - first - leader)).toEqual(['/data/version-2/snapshot.0']);
});

test('a session that has moved is refused where it was: nothing is answered, and the connection ends', async () => {
  const ensemble = new MemoryEnsemble({ voters: 3 });
  await ensemble.start();
  await ensemble.untilServing();
  const old = await ensemble.client(1);
  const moved = await ensemble.client(2, old.session);
  expect((await ensemble.world.run(old.create('/late'))).err).toBe('closed');
  expect((await ensemble.world.run(moved.create('/there'))).err).toBeUndefined();
  await expectSame(ensemble);
  expect(ensemble.node(3).server.tree.has('/late')).toBe(false);
});

test('a wrong password, and a session that there is not, are refused by every server', async () => {
  const ensemble = new MemoryEnsemble({ voters: 3 });
  await ensemble.start();
  await ensemble.untilServing();
  const { session } = await ensemble.client(1);
  for (const id of [1, 2, 3]) {
    const stranger = await ensemble.client(id, { ...session, sessionId: session.sessionId + 77n });
    const wrong = await ensemble.client(id, { ...session, password: new Uint8Array(16) });
    for (const refused of [stranger, wrong]) {
      expect([refused.session.sessionId, refused.session.timeoutMs]).toEqual([0n, 0]);
    }
  }
});

test('sessions live while their clients are heard of, wherever they are, and end together with their ephemerals', async () => {
  const ensemble = new MemoryEnsemble({ voters: 3 });
  await ensemble.start();
  const leader = ensemble.idOf(await ensemble.untilServing());
  const follower = (leader % 3) + 1;
  const clients: SocketClient[] = [await ensemble.client(leader), await ensemble.client(follower)];
  const silent = await ensemble.client(follower);
  await ensemble.world.run(silent.create('/silent', '', EPHEMERAL));
  for (const [at, client] of clients.entries()) await ensemble.world.run(client.create(`/loud-${at}`, '', EPHEMERAL));
  for (let second = 0; second < 30; second++) {
    await ensemble.world.time.runFor(1_000);
    await ensemble.world.run(Promise.all(clients.map((client) => client.ask('ping'))));
  }
  await expectSame(ensemble);
  for (const { server, sessionCount } of ensemble.nodes) {
    expect(server.tree.has('/silent')).toBe(false);
    expect([server.tree.has('/loud-0'), server.tree.has('/loud-1'), sessionCount]).toEqual([true, true, 2]);
  }
  expect(silent.isClosed).toBe(true);
});

test('a new leader gives every session its whole time again', async () => {
  const ensemble = new MemoryEnsemble({ voters: 3 });
  await ensemble.start();
  const leader = ensemble.idOf(await ensemble.untilServing());
  const client = await ensemble.client((leader % 3) + 1);
  await ensemble.world.run(client.create('/mine', '', EPHEMERAL));
  client.close();
  await ensemble.world.time.runFor(8_000);
  ensemble.kill(leader);
  await ensemble.untilServing();
  const has = (): boolean[] => ensemble.nodes.map(({ server }) => server.tree.has('/mine'));
  // The timeout is ten seconds: two were left before.
  await ensemble.world.time.runFor(8_000);
  expect(has()).toEqual([true, true]);
  await ensemble.world.time.runUntil(() => has().every((one) => !one));
  await expectSame(ensemble);
});

test('without a quorum nobody is served, and with one all that was acknowledged is there', async () => {
  const ensemble = new MemoryEnsemble({ voters: 5 });
  await ensemble.start();
  await ensemble.untilServing();
  const client = await ensemble.client(1);
  await ensemble.world.run(client.create('/kept', 'x'));
  for (const id of [3, 4, 5]) ensemble.kill(id, 'power');
  await ensemble.world.time.runUntil(() => ensemble.nodes.every(({ isServing }) => !isServing));
  await ensemble.world.time.runUntil(() => client.isClosed);
  await ensemble.start([3]);
  await expectSame(ensemble);
  expect(await ensemble.world.run((await ensemble.client(3)).get('/kept'))).toBe('x');
});

test('seven servers serve without three, refuse without four, and go on when one is back', async () => {
  const ensemble = new MemoryEnsemble({ voters: 7 });
  const { world } = ensemble;
  await ensemble.start();
  const leader = ensemble.idOf(await ensemble.untilServing());
  const [one = 0, two = 0, three = 0, ...left] = [1, 2, 3, 4, 5, 6, 7].filter((id) => id !== leader);
  const before = await ensemble.client(left[0] ?? 0);
  expect((await world.run(before.create('/with-seven', 'x'))).err).toBeUndefined();
  // The leader among them.
  for (const id of [leader, one, two]) ensemble.kill(id, 'power');
  await ensemble.untilServing();
  const client = await ensemble.client(three);
  expect((await world.run(client.create('/with-four', 'y'))).err).toBeUndefined();
  await expectSame(ensemble);
  // The fourth: a write that is under way is not acknowledged, and nobody is let in.
  const last = ensemble.idOf(await ensemble.untilServing());
  const inTime = await ensemble.client(last);
  const fourth = [three, ...left].find((id) => id !== last) ?? 0;
  ensemble.kill(fourth, 'power');
  expect((await world.run(inTime.create('/with-three'))).err).toBe('closed');
  await world.time.runUntil(() => ensemble.nodes.every(({ isServing }) => !isServing));
  for (const id of [three, ...left]) if (id !== fourth) expect(await ensemble.tryClient(id)).toBeUndefined();
  await ensemble.start([one]);
  await ensemble.untilServing();
  const again = await ensemble.client(one);
  expect((await world.run(again.create('/with-four-again', 'z'))).err).toBeUndefined();
  await ensemble.start([leader, two, fourth]);
  await expectSame(ensemble);
  expect(ensemble.nodes.length).toBe(7);
  for (const { server } of ensemble.nodes)
    expect(['/with-seven', '/with-four', '/with-four-again'].filter((path) => !server.tree.has(path))).toEqual([]);
});

test('a sync at a follower makes it show what was acknowledged elsewhere before', async () => {
  const ensemble = new MemoryEnsemble({ voters: 3 });
  await ensemble.start();
  const leader = ensemble.idOf(await ensemble.untilServing());
  const slow = (leader % 3) + 1;
  // What the leader says arrives late at this one.
  ensemble.world.network.setLatency(`zoo${leader}`, `zoo${slow}`, () => 300);
  const writer = await ensemble.client(leader);
  const reader = await ensemble.client(slow);
  for (let turn = 0; turn < 5; turn++) {
    await ensemble.world.run(writer.create(`/turn-${turn}`, `${turn}`));
    expect(ensemble.node(slow).server.tree.has(`/turn-${turn}`)).toBe(false);
    const seen = await ensemble.world.run(async () => {
      const synced = reader.sync();
      const got = reader.get(`/turn-${turn}`);
      expect((await synced).err).toBeUndefined();
      return got;
    });
    expect(seen).toBe(`${turn}`);
  }
});

test.each([1, 2, 3, 4])(
  'a leader that was stopped for a while answers nothing as one, neither writes nor reads, of what came meanwhile (seed %i)',
  async (seed) => {
    const ensemble = new MemoryEnsemble({ voters: 3, seed });
    const { world } = ensemble;
    await ensemble.start();
    const stopped = ensemble.idOf(await ensemble.untilServing());
    const others = [1, 2, 3].filter((id) => id !== stopped);
    const old = await ensemble.client(stopped);
    await world.run(old.create('/register', 'old'));
    ensemble.host(stopped).pause();
    const asked = [old.set('/register', 'zombie'), old.get('/register'), old.sync(), old.get('/register')];
    const leads = (): boolean => others.some((id) => ensemble.node(id).state === 'leader');
    await world.time.runUntil(() => leads() && others.every((id) => ensemble.node(id).isServing), { limitMs: 60_000 });
    const writer = await ensemble.client(others[0] ?? 0);
    expect((await world.run(writer.set('/register', 'new'))).err).toBeUndefined();
    // A newcomer has called it as well.
    const { network } = world.host('client').ports;
    const calling = SocketClient.connect(network, { host: `zoo${stopped}`, port: 2181 });
    await world.time.runFor(500);
    ensemble.host(stopped).resume();
    await world.run(Promise.all(asked));
    expect(await Promise.all(asked)).toMatchObject([{ err: 'closed' }, undefined, { err: 'closed' }, undefined]);
    expect((await world.run(calling)) ?? null).toBeNull();
    await expectSame(ensemble);
    expect(await world.run((await ensemble.client(stopped)).get('/register'))).toBe('new');
  },
);

test('observers serve and pass writes on, and have no voice', async () => {
  const ensemble = new MemoryEnsemble({ voters: 3, observers: 2 });
  await ensemble.start();
  await ensemble.untilServing();
  expect([ensemble.node(4).state, ensemble.node(5).state]).toEqual(['observer', 'observer']);
  const client = await ensemble.client(4);
  await ensemble.world.run(client.create('/by-observer', 'x', EPHEMERAL));
  expect(await ensemble.world.run((await ensemble.client(5)).get('/by-observer'))).toBe('x');
  await expectSame(ensemble);
  for (const id of [2, 3]) ensemble.kill(id);
  await ensemble.world.time.runUntil(() => ensemble.nodes.every(({ isServing }) => !isServing));
  await ensemble.start([2]);
  await expectSame(ensemble);
  expect(ensemble.node(4).state).toBe('observer');
});

test('a server whose disk is full stops, and the others go on', async () => {
  const ensemble = new MemoryEnsemble({ voters: 3, firstDiskBytes: 256 * 1024 });
  await ensemble.start();
  await ensemble.untilServing();
  const client = await ensemble.client(3);
  let written = 0;
  while (ensemble.failures.length === 0) {
    const { err } = await ensemble.world.run(client.create(`/large-${written}`, 'x'.repeat(20_000)));
    expect(err).toBeUndefined();
    written++;
  }
  expect(String(ensemble.failures)).toContain('no space left');
  expect([ensemble.node(1).state, ensemble.node(2).isServing, ensemble.node(3).isServing]).toEqual([
    'looking',
    true,
    true,
  ]);
  expect((await ensemble.world.run(client.create('/after'))).err).toBeUndefined();
  expect([written > 5, ensemble.failures.length]).toEqual([true, 1]);
});

test('a server does not start on a log that is damaged, and leaves its ports free', async () => {
  const ensemble = new MemoryEnsemble({ voters: 3 });
  await ensemble.start();
  await ensemble.untilServing();
  const client = await ensemble.client(1);
  // What is damaged is not what was written last: that could be the rest of an unfinished write.
  for (let at = 0; at < 5; at++) await ensemble.world.run(client.create(`/node-${at}`, 'x'.repeat(200)));
  await ensemble.untilLevel();
  ensemble.kill(1);
  const { disk } = ensemble.host(1).start();
  await ensemble.world.run(async () => {
    const log = (await disk.list('/data/version-2')).find(({ name }) => name.startsWith('log.'))?.name ?? '';
    const file = await disk.open(`/data/version-2/${log}`, 'write');
    await file.write(40, [new Uint8Array(20).fill(0xee)]);
    await file.sync();
    await file.close();
  });
  ensemble.host(1).kill();
  await expect(ensemble.start([1])).rejects.toThrow(/log\.1/);
  const { network } = ensemble.host(1).ports;
  for (const port of [2888, 3888])
    await ensemble.world.run(async () => (await network.listen({ host: 'zoo1', port }, () => {})).close());
  expect(ensemble.node(2).isServing && ensemble.node(3).isServing).toBe(true);
});

test('with groups most of their most decide', async () => {
  const groups = [1, 2, 3].map((id) => ({ id, members: [3 * id - 2, 3 * id - 1, 3 * id] }));
  const ensemble = new MemoryEnsemble({ voters: 9, config: { groups, weights: { 2: 1 } } });
  await ensemble.start();
  await ensemble.untilServing();
  // Five of nine are gone, but two groups have a majority each.
  for (const id of [1, 4, 7, 8, 9]) ensemble.kill(id);
  await expectSame(ensemble);
  const client = await ensemble.client(2);
  expect((await ensemble.world.run(client.create('/decided'))).err).toBeUndefined();
  // As Java writes it: the weights of all, whether they were set or not.
  const text = new TextDecoder().decode(ensemble.node(2).server.tree.data('/zookeeper/config')?.data ?? undefined);
  expect(text.split('\n').slice(9)).toEqual([
    'group.1=1:2:3',
    'group.2=4:5:6',
    'group.3=7:8:9',
    ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((id) => `weight.${id}=1`),
    'version=0',
  ]);
  ensemble.kill(5);
  await ensemble.world.time.runUntil(() => ensemble.nodes.every(({ isServing }) => !isServing));
  await ensemble.start([7, 8]);
  await expectSame(ensemble);
});

test('a server that has lost its disk is given a snapshot, with the sessions in it', async () => {
  const ensemble = new MemoryEnsemble({ voters: 3 });
  await ensemble.start();
  await ensemble.untilServing();
  const client = await ensemble.client(3);
  await ensemble.world.run(async () => {
    await client.create('/mine', 'x', EPHEMERAL);
    await Promise.all(Array.from({ length: 700 }, (_, at) => client.create(`/node-${at}`, 'y'.repeat(at))));
  });
  const lost = ensemble.idOf(await ensemble.untilServing()) === 1 ? 2 : 1;
  ensemble.kill(lost);
  await ensemble.wipe(lost);
  await ensemble.start([lost]);
  await expectSame(ensemble);
  expect(ensemble.node(lost).server.tree.has('/node-699')).toBe(true);
  const [first, second] = ensemble.nodes;
  expect(first?.sessionCount).toBe(second?.sessionCount);
});

test.each(Array.from({ length: 12 }, (_, at) => at + 1))(
  'servers die and come back, links break and heal; nothing that was acknowledged is lost (seed %i)',
  async (seed) => {
    const ensemble = new MemoryEnsemble({ voters: 3, seed });
    const { world } = ensemble;
    const random = (below: number): number => world.host('client').ports.random.uint32() % below;
    await ensemble.start();
    await ensemble.untilServing();
    const acknowledged: string[] = [];
    /** Versions of the register that a conditional write has taken the place of, successfully. */
    const replaced: number[] = [];
    const first = await ensemble.client(1);
    await world.run(first.create('/register'));
    let turn = 0;
    for (let round = 0; round < 6; round++) {
      const victim = 1 + random(3);
      const trouble = random(4);
      if (trouble === 0) ensemble.kill(victim);
      else if (trouble === 1) ensemble.kill(victim, 'power');
      else if (trouble === 2) world.network.isolate(`zoo${victim}`);
      else world.host(`zoo${victim}`).pause();
      for (let ask = 0; ask < 4; ask++) {
        const id = 1 + random(3);
        const client = await ensemble.tryClient(id);
        if (client === undefined) {
          await world.time.runFor(500);
          continue;
        }
        const path = `/turn-${turn++}`;
        const answer = await ensemble.within(client.create(path), 3_000);
        if (answer?.err === undefined && answer !== undefined) acknowledged.push(path);
        // A follower that lags shows an old version: then the write fails.
        const version = await ensemble.within(client.version('/register'), 3_000);
        if (version !== undefined) {
          const set = await ensemble.within(client.set('/register', path, version), 3_000);
          if (set !== undefined && set.err === undefined) replaced.push(version);
        }
        client.close();
      }
      await world.time.runFor(random(8_000));
      world.network.healAll();
      if (trouble === 3) world.host(`zoo${victim}`).resume();
      if (trouble < 2) await ensemble.start([victim]);
    }
    await expectSame(ensemble);
    for (const { server } of ensemble.nodes) expect(acknowledged.filter((path) => !server.tree.has(path))).toEqual([]);
    expect(acknowledged).not.toEqual([]);
    expect(new Set(replaced).size).toBe(replaced.length);
    const last = ensemble.node(1).server.tree.stat('/register')?.version ?? 0;
    expect(replaced.every((version) => version < last)).toBe(true);
  },
);
