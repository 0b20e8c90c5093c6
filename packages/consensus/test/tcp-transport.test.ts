import { type ChannelSpec, TcpTransport, type TransportEvents } from '@biquorum/consensus';
import { MemoryWorld } from '@biquorum/platform/testing';
import { describe, expect, test } from 'vitest';

const codec = {
  encode: (value: string) => new TextEncoder().encode(value),
  decode: (bytes: Uint8Array) => new TextDecoder().decode(bytes),
};
const channels: readonly ChannelSpec[] = [
  { name: 'first', link: 'any' },
  { name: 'second', link: 'any' },
  { name: 'votes', link: 'newest' },
];

/** A member that writes down what happens to it, and answers every question. */
class Member {
  readonly transport: TcpTransport<string>;
  readonly seen: string[] = [];
  room = true;

  constructor(world: MemoryWorld, id: number, cluster = 'one', host = `member-${id}`) {
    const { ports } = world.addHost(host);
    const peers = [0, 1].map((peer) => ({ id: peer, address: `member-${peer}:9000` }));
    this.transport = new TcpTransport({ ...ports, id, peers, channels, codec, cluster });
    const events: TransportEvents<string> = {
      message: (channel, from, inReplyTo, message) => {
        if (this.room) this.seen.push(`${channel} ${from} ${inReplyTo} ${message}`);
        return this.room;
      },
      request: (channel, from, message, reply) => {
        if (!this.room) return false;
        this.seen.push(`${channel} ${from} asks ${message}`);
        reply(`answer to ${message}`);
        return true;
      },
      link: (channel, peer, up) => {
        if (channel !== 'votes') this.seen.push(`${channel} to ${peer} is ${up ? 'up' : 'down'}`);
      },
    };
    this.transport.start(events);
  }

  listen(): Promise<number> {
    return this.transport.listen('0.0.0.0', 9000);
  }
}

describe('members over TCP', () => {
  test('messages, requests and their answers find their way, on the channel they were sent on', async () => {
    const world = new MemoryWorld({ seed: 1 });
    const [a, b] = [new Member(world, 0), new Member(world, 1)];
    await world.run(b.listen());
    a.transport.send('second', 1, 'news', 0);
    a.transport.send('first', 1, 'question', 7);
    await world.time.runFor(50);
    expect(b.seen).toEqual(['second 0 0 news', 'first 0 asks question']);
    expect(a.seen).toEqual(['first to 1 is up', 'second to 1 is up', 'first 1 7 answer to question']);
  });

  test('a member that is away is called again, and the link is told of', async () => {
    const world = new MemoryWorld({ seed: 2 });
    const [a, b] = [new Member(world, 0), new Member(world, 1)];
    a.transport.send('first', 1, 'lost', 0);
    await world.time.runFor(50);
    expect(a.seen).toEqual(['first to 1 is down', 'second to 1 is down']);
    await world.run(b.listen());
    await world.time.runFor(1000);
    a.transport.send('first', 1, 'found', 0);
    await world.time.runFor(50);
    expect(b.seen).toEqual(['first 0 0 found']);
  });

  test('without room nothing is lost: the connection stands still until there is', async () => {
    const world = new MemoryWorld({ seed: 3 });
    const [a, b] = [new Member(world, 0), new Member(world, 1)];
    await world.run(b.listen());
    b.room = false;
    for (let count = 0; count < 100; count++) a.transport.send('first', 1, `${count}`, 0);
    await world.time.runFor(200);
    expect(b.seen).toEqual([]);
    b.room = true;
    // Only so much is kept for a connection that does not stand yet.
    await world.time.runFor(200);
    expect(b.seen.slice(0, 3)).toEqual(['first 0 0 0', 'first 0 0 1', 'first 0 0 2']);
    a.transport.send('first', 1, 'last', 0);
    await world.time.runFor(50);
    expect(b.seen.at(-1)).toBe('first 0 0 last');
  });

  test('a member of another cluster is not listened to', async () => {
    const world = new MemoryWorld({ seed: 4 });
    const [a, b] = [new Member(world, 0, 'one'), new Member(world, 1, 'another')];
    await world.run(b.listen());
    a.transport.send('first', 1, 'hello', 0);
    await world.time.runFor(100);
    expect(b.seen).toEqual([]);
    expect(a.seen).toContain('first to 1 is down');
  });

  test.each([
    ['does not introduce itself', [0, 0, 0, 1, 3]],
    ['speaks another version', [0, 0, 0, 11, 0xb1, 0xc0, 0, 2, 0, 0, 0, 0, 111, 110, 101]],
    ['announces more than is allowed', [0xff, 0xff, 0xff, 0xff]],
    ['says nothing at all', []],
  ])('a stranger who %s is hung up on, and nobody else notices', async (_, bytes) => {
    const world = new MemoryWorld({ seed: 9 });
    const [a, b] = [new Member(world, 0), new Member(world, 1)];
    await world.run(b.listen());
    a.transport.send('first', 1, 'question', 1);
    const { ports } = world.addHost('stranger');
    const stranger = await world.run(ports.network.dial({ host: 'member-1', port: 9000, timeoutMs: 1000 }));
    let over = false;
    const closed = (): void => {
      over = true;
    };
    stranger.start({ data: () => {}, end: () => {}, drained: () => {}, closed });
    stranger.write([Uint8Array.from(bytes)]);
    await world.time.runFor(10_000);
    expect(over).toBe(true);
    a.transport.send('first', 1, 'another', 2);
    await world.time.runFor(50);
    expect(b.seen).toEqual(['first 0 asks question', 'first 0 asks another']);
  });

  test('a connection on which nothing comes back is given up, and another one is made', async () => {
    const world = new MemoryWorld({ seed: 5 });
    const [a, b] = [new Member(world, 0), new Member(world, 1)];
    await world.run(b.listen());
    a.transport.send('first', 1, 'question', 1);
    // Idle is not dead: as long as pings are answered, the link stays up.
    await world.time.runFor(60_000);
    expect(a.seen).toEqual(['first to 1 is up', 'second to 1 is up', 'first 1 1 answer to question']);
    world.network.isolate('member-1');
    await world.time.runFor(10_000);
    expect(a.seen.slice(3)).toEqual(['first to 1 is down', 'second to 1 is down']);
    world.network.healAll();
    await world.time.runFor(3000);
    a.transport.send('first', 1, 'again', 2);
    await world.time.runFor(100);
    expect(a.seen.at(-1)).toBe('first 1 2 answer to again');
  });

  test('a member that has moved is called where it is now', async () => {
    const world = new MemoryWorld({ seed: 6 });
    const [a, b] = [new Member(world, 0), new Member(world, 1)];
    await world.run(b.listen());
    a.transport.send('first', 1, 'hello', 1);
    await world.time.runFor(50);
    const moved = new Member(world, 1, 'one', 'elsewhere');
    await world.run(moved.listen());
    a.transport.learn(1, 'elsewhere:9000');
    await world.time.runFor(50);
    a.transport.send('first', 1, 'there', 2);
    await world.time.runFor(2000);
    a.transport.send('first', 1, 'you are', 3);
    await world.time.runFor(2000);
    expect(moved.seen.at(-1)).toBe('first 0 asks you are');
    expect(b.seen).toEqual(['first 0 asks hello']);
  });

  test('what others say of an address is not believed when it is none', async () => {
    const world = new MemoryWorld({ seed: 7 });
    const [a, b] = [new Member(world, 0), new Member(world, 1)];
    await world.run(b.listen());
    for (const address of ['', 'nowhere', 'member-1:', 'member-1:port', 'member-1:70000', ':9000', 'a:b:9000'])
      a.transport.learn(1, address);
    a.transport.send('first', 1, 'hello', 0);
    await world.time.runFor(50);
    expect(b.seen).toEqual(['first 0 0 hello']);
  });

  test('of a channel whose newest message counts the last one comes when the member does, without another send', async () => {
    const world = new MemoryWorld({ seed: 8 });
    const [a, b] = [new Member(world, 0), new Member(world, 1)];
    for (const vote of ['first vote', 'second vote', 'last vote']) a.transport.send('votes', 1, vote, 0);
    await world.time.runFor(5000);
    await world.run(b.listen());
    await world.time.runFor(2000);
    expect(b.seen).toEqual(['votes 0 0 last vote']);
  });

  test('the newest message is sent again on a new connection, for the member at its end may be another', async () => {
    const world = new MemoryWorld({ seed: 10 });
    const [a, b] = [new Member(world, 0), new Member(world, 1)];
    await world.run(b.listen());
    a.transport.send('votes', 1, 'vote', 0);
    await world.time.runFor(50);
    world.host('member-1').kill();
    const again = new Member(world, 1, 'one', 'member-1-again');
    await world.run(again.listen());
    a.transport.learn(1, 'member-1-again:9000');
    await world.time.runFor(2000);
    expect(b.seen).toEqual(['votes 0 0 vote']);
    expect(again.seen).toEqual(['votes 0 0 vote']);
  });
});
