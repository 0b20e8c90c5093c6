import { expect, test } from 'vitest';
import { DoubleBarrier, LeaderElection, Lock } from '../src/index.ts';
import { SmallWorld } from './support/small-world.ts';

test('a lock is held by one at a time, in the order of asking, whoever dies', () =>
  SmallWorld.run(async (world) => {
    const clients = [0, 1, 2].map(() => world.client({ sessionTimeoutMs: 4_000 }));
    const held: number[] = [];
    const locks = clients.map((client, at) => new Lock(client, '/locks/one', `holder-${at}`));
    await locks[0]?.acquire();
    const second = locks[1]?.acquire().then(() => held.push(1));
    await clients[2]?.sync();
    const third = locks[2]?.acquire().then(() => held.push(2));
    expect(held).toEqual([]);
    clients[0]?.host.kill();
    await second;
    expect(held).toEqual([1]);
    await locks[1]?.release();
    await third;
    expect(held).toEqual([1, 2]);
  }));

test('before anybody has stood for election, and when all have resigned, nobody leads', () =>
  SmallWorld.run(async (world) => {
    const election = new LeaderElection(world.client(), '/leader', 'candidate');
    expect(await election.leader()).toBeUndefined();
    await election.lead();
    expect(await election.leader()).toBeNull();
    await election.resign();
    expect(await election.leader()).toBeUndefined();
  }));

test('who leads is told also when the leader resigns while it is asked for', () =>
  SmallWorld.run(async (world) => {
    const [mine, others] = [world.client(), world.client()];
    const [first, second] = ['first', 'second'].map((name) => new LeaderElection(others, '/leader', name));
    await first?.lead(new TextEncoder().encode('first'));
    const follows = second?.lead(new TextEncoder().encode('second'));
    await others.sync();
    const asked = new LeaderElection(mine, '/leader', 'nobody');
    // Its children are read, and the first is gone before its data are.
    const children = mine.getChildren.bind(mine);
    mine.getChildren = async (path, watch) => {
      const read = await children(path, watch);
      await first?.resign();
      return read;
    };
    expect(new TextDecoder().decode((await asked.leader()) ?? undefined)).toBe('second');
    await follows;
  }));

test('one candidate leads, and when its session ends the next one does', () =>
  SmallWorld.run(async (world) => {
    const clients = [0, 1].map(() => world.client());
    const [first, second] = clients.map((client, at) => new LeaderElection(client, '/leader', `candidate-${at}`));
    await first?.lead(new TextEncoder().encode('first'));
    const follows = second?.lead(new TextEncoder().encode('second'));
    const leader = async (): Promise<string> => new TextDecoder().decode((await second?.leader()) ?? new Uint8Array(0));
    expect(await leader()).toBe('first');
    await clients[0]?.close();
    await follows;
    expect(await leader()).toBe('second');
  }));

test('members of a barrier enter together and leave together', () =>
  SmallWorld.run(async (world) => {
    const seen: string[] = [];
    const members = [0, 1, 2].map((at) => ({
      at,
      barrier: new DoubleBarrier(world.client(), '/barrier', `m-${at}`, 3),
    }));
    const through = members.map(async ({ at, barrier }) => {
      await barrier.enter();
      seen.push(`in ${at}`);
      await barrier.leave();
      seen.push(`out ${at}`);
    });
    await Promise.all(through);
    expect(seen.slice(0, 3).map((text) => text.slice(0, 2))).toEqual(['in', 'in', 'in']);
    expect(seen.length).toBe(6);
  }));
