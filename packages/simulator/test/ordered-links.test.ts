import type { NodeId, Transport } from '@biquorum/consensus';
import { MemoryWorld } from '@biquorum/platform/testing';
import { Prng } from '@biquorum/std';
import { expect, test } from 'vitest';
import { SimulatedNetwork } from '../src/network.ts';

/** Nodes with links that keep an order, and what each has heard. */
class Hall {
  readonly world: MemoryWorld;
  readonly network: SimulatedNetwork<string>;
  readonly heard: Map<NodeId, string[]> = new Map();
  readonly #transports: Map<NodeId, Transport<string>> = new Map();
  /** How many messages a node turns away before it takes one. */
  refusals = 0;

  constructor(seed = 1) {
    this.world = new MemoryWorld({ seed });
    const { time } = this.world;
    this.network = new SimulatedNetwork(
      {
        after: (delayMs, run) => time.after(delayMs, run),
        enter: (_id: NodeId, _incarnation: number, run) => run(),
      },
      new Prng(seed),
      new Map([['channel', 'fifo']]),
      new Set(),
      () => time.nowMs,
    );
    for (const id of [0, 1]) this.start(id);
  }

  start(id: NodeId): void {
    const heard: string[] = [];
    this.heard.set(id, heard);
    const transport = this.network.attach(id, 1);
    transport.start({
      message: (_channel, _from, _request, message) => {
        if (this.refusals-- > 0) return false;
        heard.push(message);
        return true;
      },
      request: () => true,
      link: (_channel, peer, up) => void heard.push(`${peer} ${up ? 'up' : 'down'}`),
    });
    this.#transports.set(id, transport);
  }

  dial = (from: NodeId, to: NodeId): void => this.#transports.get(from)?.dial?.('channel', to);
  hangUp = (from: NodeId, to: NodeId): void => this.#transports.get(from)?.hangUp?.('channel', to);
  send = (from: NodeId, to: NodeId, message: string): void =>
    this.#transports.get(from)?.send('channel', to, message, 0);
  idle = (): Promise<void> => this.world.time.runUntilIdle();
}

test('what is sent right after a call arrives once the link stands, in order, and both ends hear that it does', async () => {
  const hall = new Hall();
  hall.dial(0, 1);
  for (const message of ['a', 'b', 'c']) hall.send(0, 1, message);
  await hall.idle();
  hall.send(1, 0, 'answer');
  await hall.idle();
  expect(hall.heard.get(1)).toEqual(['0 up', 'a', 'b', 'c']);
  expect(hall.heard.get(0)).toEqual(['1 up', 'answer']);
});

test('without a call nothing arrives, and a call to nobody is told of', async () => {
  const hall = new Hall();
  hall.send(0, 1, 'lost');
  hall.dial(0, 7);
  await hall.idle();
  expect(hall.heard.get(1)).toEqual([]);
  expect(hall.heard.get(0)).toEqual(['7 down']);
});

test('who hangs up hears nothing more, and the other end hears everything first', async () => {
  const hall = new Hall();
  hall.dial(0, 1);
  await hall.idle();
  hall.send(1, 0, 'too late');
  hall.send(0, 1, 'last words');
  hall.hangUp(0, 1);
  await hall.idle();
  expect(hall.heard.get(1)).toEqual(['0 up', 'last words', '0 down']);
  expect(hall.heard.get(0)).toEqual(['1 up']);
});

test('a second call replaces the link of the first, and nothing of the first arrives on it', async () => {
  const hall = new Hall();
  hall.dial(0, 1);
  await hall.idle();
  hall.send(1, 0, 'old');
  hall.dial(0, 1);
  hall.send(0, 1, 'new');
  await hall.idle();
  expect(hall.heard.get(1)).toEqual(['0 up', '0 down', '0 up', 'new']);
  expect(hall.heard.get(0)).toEqual(['1 up', '1 up']);
});

test('two that call each other turn each other away', async () => {
  const hall = new Hall();
  hall.dial(0, 1);
  hall.dial(1, 0);
  await hall.idle();
  const outcomes = [hall.heard.get(0), hall.heard.get(1)].flat();
  expect(outcomes).toContain('1 down');
  expect(outcomes.filter((line) => line?.endsWith('up')).length % 2).toBe(0);
});

test('the death of a process is heard of, a power failure only when the machine calls again', async () => {
  for (const told of [true, false]) {
    const hall = new Hall();
    hall.dial(0, 1);
    await hall.idle();
    hall.network.detach(0, told);
    await hall.idle();
    expect(hall.heard.get(1)).toEqual(told ? ['0 up', '0 down'] : ['0 up']);
    hall.start(0);
    hall.dial(0, 1);
    await hall.idle();
    expect(hall.heard.get(1)).toEqual(['0 up', '0 down', '0 up']);
  }
});

test('a cut either breaks a link at both ends or holds everything up until it is over', async () => {
  const seen = new Set<string>();
  for (let seed = 1; seed <= 20; seed++) {
    const hall = new Hall(seed);
    hall.dial(0, 1);
    await hall.idle();
    hall.network.cut(0, 1);
    for (const message of ['a', 'b']) hall.send(0, 1, message);
    await hall.idle();
    hall.network.heal();
    hall.send(0, 1, 'c');
    await hall.idle();
    seen.add(JSON.stringify([hall.heard.get(0), hall.heard.get(1)]));
  }
  expect([...seen].sort()).toEqual(
    [
      JSON.stringify([['1 up'], ['0 up', 'a', 'b', 'c']]),
      JSON.stringify([
        ['1 up', '1 down'],
        ['0 up', '0 down'],
      ]),
    ].sort(),
  );
});

test('an end without room takes everything a little later, in order', async () => {
  const hall = new Hall();
  hall.dial(0, 1);
  await hall.idle();
  hall.refusals = 5;
  for (const message of ['a', 'b', 'c']) hall.send(0, 1, message);
  await hall.idle();
  expect(hall.heard.get(1)).toEqual(['0 up', 'a', 'b', 'c']);
});
