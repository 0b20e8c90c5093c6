import type { LinkKind, NodeId } from '@biquorum/consensus';
import { MemoryWorld } from '@biquorum/platform/testing';
import { Prng } from '@biquorum/std';
import { expect, test } from 'vitest';
import { FAMILIES, type Family } from '../src/families.ts';
import { SimulatedNetwork } from '../src/network.ts';

/** Two nodes on one channel; what 1 receives from 0 is kept. */
class Pair {
  readonly world: MemoryWorld;
  readonly network: SimulatedNetwork<number>;
  readonly received: number[] = [];
  readonly links: boolean[] = [];
  readonly send: (message: number) => void;

  constructor(kind: LinkKind, families: readonly Family[], seed = 1) {
    this.world = new MemoryWorld({ seed });
    const { time } = this.world;
    this.network = new SimulatedNetwork(
      {
        after: (delayMs, run) => time.after(delayMs, run),
        enter: (_id: NodeId, _incarnation: number, run) => run(),
      },
      new Prng(seed),
      new Map([['channel', kind]]),
      new Set(families),
      () => time.nowMs,
    );
    const [from, to] = [this.network.attach(0, 1), this.network.attach(1, 1)];
    const ignore = { message: () => true, request: () => true, link: () => {} };
    from.start(ignore);
    to.start({
      ...ignore,
      message: (_channel, _from, _request, message) => this.received.push(message) > 0,
      link: (_channel, _peer, up) => void this.links.push(up),
    });
    if (kind === 'fifo') from.dial?.('channel', 1);
    this.links.length = 0;
    this.send = (message) => from.send('channel', 1, message, 0);
  }

  idle(): Promise<void> {
    return this.world.time.runUntilIdle();
  }
}

const numbers = Array.from({ length: 200 }, (_, at) => at);

test('without faults everything arrives in order, whatever the kind of link', async () => {
  for (const kind of ['any', 'fifo', 'newest'] as const) {
    const pair = new Pair(kind, []);
    for (const message of numbers) pair.send(message);
    await pair.idle();
    expect(pair.received).toEqual(numbers);
  }
});

test('a link on which anything may happen loses, repeats and reorders', async () => {
  const pair = new Pair('any', FAMILIES);
  for (const message of numbers) pair.send(message);
  await pair.idle();
  const seen = new Set(pair.received);
  expect(seen.size).toBeLessThan(numbers.length);
  expect(pair.received.length).toBeGreaterThan(seen.size);
  expect(pair.received).not.toEqual([...pair.received].sort((a, b) => a - b));
});

test('a fifo link keeps order and loses nothing under the same faults', async () => {
  const pair = new Pair('fifo', FAMILIES);
  for (const message of numbers) pair.send(message);
  await pair.idle();
  expect(pair.received).toEqual(numbers);
});

test('of what waits for a newest-wins link only the last is kept, and comes when the link does', async () => {
  const pair = new Pair('newest', []);
  pair.network.cut(0, 1);
  for (const message of [1, 2, 3]) pair.send(message);
  await pair.idle();
  expect(pair.received).toEqual([]);
  pair.network.heal();
  await pair.idle();
  expect(pair.received).toEqual([3]);
});

test('nobody is told of a cut where messages may be lost anyway', async () => {
  const pair = new Pair('any', []);
  pair.network.cut(0, 1);
  pair.send(1);
  await pair.idle();
  expect(pair.received).toEqual([]);
  expect(pair.links).toEqual([]);
});

test('what a node has sent before it dies still arrives where anything may happen', async () => {
  const pair = new Pair('any', []);
  pair.send(1);
  pair.network.detach(0, true);
  await pair.idle();
  expect(pair.received).toEqual([1]);
});

test('of a power failure nobody is told where messages may be lost anyway', () => {
  for (const [told, links] of [
    [false, []],
    [true, [false]],
  ] as const) {
    const pair = new Pair('any', []);
    pair.network.detach(0, told);
    expect(pair.links).toEqual(links);
  }
});

test('in some clusters who hears that a process was killed takes that for its end, and at times errs', () => {
  let detecting = 0;
  let alarms = 0;
  for (let seed = 1; seed <= 200; seed++) {
    const ends: boolean[] = [];
    const { network } = new Pair('any', [], seed);
    network.attach(2, 1).start({
      message: () => true,
      request: () => true,
      link: (_channel, _peer, up, gone) => void (up || ends.push(gone === true)),
    });
    network.cut(2, 1);
    alarms += ends.splice(0).length;
    network.detach(0, true);
    network.detach(1, false);
    // Nobody hears of a machine without power.
    expect(ends).toHaveLength(1);
    if (ends[0] === true) detecting += 1;
  }
  expect(detecting).toBeGreaterThan(30);
  expect(detecting).toBeLessThan(70);
  expect(alarms).toBeGreaterThan(3);
  expect(alarms).toBeLessThan(detecting);
});
