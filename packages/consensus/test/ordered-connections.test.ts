import { type ChannelSpec, type NodeId, TcpTransport } from '@biquorum/consensus';
import { MemoryWorld } from '@biquorum/platform/testing';
import { expect, test } from 'vitest';

const codec = {
  encode: (value: string) => new TextEncoder().encode(value),
  decode: (bytes: Uint8Array) => new TextDecoder().decode(bytes),
};
const channels: readonly ChannelSpec[] = [
  { name: 'votes', link: 'newest' },
  { name: 'orders', link: 'fifo' },
];

/** A member that writes down what it hears on links that keep an order. */
class Member {
  readonly transport: TcpTransport<string>;
  readonly heard: string[] = [];
  room = true;

  constructor(world: MemoryWorld, { id, ...limits }: { id: NodeId; queuedBytesMax?: number }) {
    const { ports } = world.addHost(`member-${id}`);
    const peers = [0, 1, 2].map((peer) => ({ id: peer, address: `member-${peer}:9000` }));
    this.transport = new TcpTransport({ ...ports, id, peers, channels, codec, cluster: 'one', ...limits });
    this.transport.start({
      message: (channel, from, _, message) => {
        if (this.room) this.heard.push(`${channel} ${from} ${message}`);
        return this.room;
      },
      request: () => true,
      link: (channel, peer, up) => {
        if (channel === 'orders') this.heard.push(`${peer} ${up ? 'up' : 'down'}`);
      },
    });
  }

  send(to: NodeId, message: string): void {
    this.transport.send('orders', to, message, 0);
  }
}

async function two(seed: number): Promise<{ world: MemoryWorld; a: Member; b: Member }> {
  const world = new MemoryWorld({ seed });
  const [a, b] = [new Member(world, { id: 0 }), new Member(world, { id: 1 })];
  for (const { transport } of [a, b]) await world.run(transport.listen('0.0.0.0', 9000));
  return { world, a, b };
}

test('a call makes a link: both ends hear of it, and messages go both ways in order', async () => {
  const { world, a, b } = await two(1);
  a.transport.dial('orders', 1);
  for (let count = 0; count < 50; count++) a.send(1, `${count}`);
  await world.time.runFor(50);
  b.send(0, 'answer');
  await world.time.runFor(50);
  expect(b.heard).toEqual(['0 up', ...Array.from({ length: 50 }, (_, count) => `orders 0 ${count}`)]);
  expect(a.heard).toEqual(['1 up', 'orders 1 answer']);
});

test('without a call nothing is sent, and a call that nobody answers is told of', async () => {
  const { world, a, b } = await two(2);
  a.send(1, 'lost');
  a.transport.dial('orders', 2);
  await world.time.runFor(5000);
  expect(b.heard).toEqual([]);
  expect(a.heard).toEqual(['2 down']);
});

test('who hangs up hears nothing more, the other end hears what was sent and then the end', async () => {
  const { world, a, b } = await two(3);
  a.transport.dial('orders', 1);
  await world.time.runFor(50);
  b.send(0, 'too late');
  a.send(1, 'last words');
  a.transport.hangUp('orders', 1);
  await world.time.runFor(50);
  expect(b.heard).toEqual(['0 up', 'orders 0 last words', '0 down']);
  expect(a.heard).toEqual(['1 up']);
});

test('a second call is another link', async () => {
  const { world, a, b } = await two(4);
  a.transport.dial('orders', 1);
  await world.time.runFor(50);
  a.transport.dial('orders', 1);
  a.send(1, 'new');
  await world.time.runFor(50);
  expect(b.heard).toEqual(['0 up', '0 down', '0 up', 'orders 0 new']);
});

test('a process that comes back after a power failure takes the place of the one before', async () => {
  const { world, a, b } = await two(5);
  a.transport.dial('orders', 1);
  await world.time.runFor(50);
  world.network.isolate('member-0');
  world.host('member-0').powerOff();
  await world.time.runFor(1000);
  expect(b.heard).toEqual(['0 up']);
  world.network.healAll();
  const { ports } = world.addHost('member-0-again');
  const again = new TcpTransport({
    ...ports,
    id: 0,
    peers: [{ id: 1, address: 'member-1:9000' }],
    channels,
    codec,
    cluster: 'one',
  });
  again.start({ message: () => true, request: () => true, link: () => {} });
  again.dial('orders', 1);
  await world.time.runFor(50);
  expect(b.heard).toEqual(['0 up', '0 down', '0 up']);
});

test('two that call each other at once end up with at most one link', async () => {
  const { world, a, b } = await two(6);
  a.transport.dial('orders', 1);
  b.transport.dial('orders', 0);
  await world.time.runFor(1000);
  expect([a.heard.at(-1), b.heard.at(-1)]).toContainEqual(expect.stringMatching(/down$/));
});

test('without room the link stands still and nothing is lost', async () => {
  const { world, a, b } = await two(7);
  a.transport.dial('orders', 1);
  await world.time.runFor(50);
  b.room = false;
  for (let count = 0; count < 100; count++) a.send(1, `${count}`);
  await world.time.runFor(500);
  b.room = true;
  await world.time.runFor(500);
  expect(b.heard.slice(1)).toEqual(Array.from({ length: 100 }, (_, count) => `orders 0 ${count}`));
});

test('a link on which more waits than is allowed breaks, for nothing may be left out of it', async () => {
  const world = new MemoryWorld({ seed: 8 });
  const [a, b] = [new Member(world, { id: 0, queuedBytesMax: 100 }), new Member(world, { id: 1 })];
  await world.run(b.transport.listen('0.0.0.0', 9000));
  a.transport.dial('orders', 1);
  for (let count = 0; count < 20; count++) a.send(1, 'ten bytes!');
  await world.time.runFor(100);
  expect(a.heard).toContain('1 down');
  expect(b.heard.length).toBeLessThan(20);
});

test('a call for a channel that keeps no order is hung up on', async () => {
  const { world, b } = await two(9);
  const { ports } = world.addHost('stranger');
  const stranger = await world.run(ports.network.dial({ host: 'member-1', port: 9000, timeoutMs: 1000 }));
  let over = false;
  const closed = (): void => {
    over = true;
  };
  stranger.start({ data: () => {}, end: () => {}, drained: () => {}, closed });
  const name = new TextEncoder().encode('one');
  stranger.write([Uint8Array.of(0, 0, 0, 9 + name.length, 0xb1, 0xc1, 0, 1, 0, 0, 0, 5, 0, ...name)]);
  await world.time.runFor(100);
  expect(over).toBe(true);
  expect(b.heard).toEqual([]);
});

test('who asks for room gets it at once, or when the peer has taken what waits, and never on a link that is down', async () => {
  const { world, a, b } = await two(11);
  const got: string[] = [];
  a.transport.whenRoom('orders', 1, () => got.push('no link'));
  a.transport.dial('orders', 1);
  a.transport.whenRoom('orders', 1, () => got.push('once it stands'));
  expect(got).toEqual([]);
  await world.time.runFor(50);
  expect(got).toEqual(['once it stands']);
  b.room = false;
  for (let count = 0; count < 40; count++) a.send(1, 'x'.repeat(100_000));
  await world.time.runFor(50);
  a.transport.whenRoom('orders', 1, () => got.push('later'));
  expect(got).toEqual(['once it stands']);
  b.room = true;
  await world.time.runFor(5000);
  expect(got).toEqual(['once it stands', 'later']);
  expect(b.heard).toHaveLength(41);
});
