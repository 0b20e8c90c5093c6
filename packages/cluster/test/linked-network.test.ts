import type { Connection, ConnectionHandlers, NetworkError } from '@biquorum/platform';
import { MemoryWorld } from '@biquorum/platform/testing';
import { expect, test } from 'vitest';
import { linkNetwork } from '../src/linked-network.ts';
import { Links } from '../src/links.ts';

const PORT = 9000;

/** Two nodes of one host, 1 and 2, of which 2 listens; and a client, who is no node. */
function twoNodes() {
  const world = new MemoryWorld({ seed: 1 });
  const { ports } = world.addHost('here');
  const links = new Links();
  const [one, two] = [1, 2].map((node) => linkNetwork(ports.network, links, node, ports.timers)) as [
    typeof ports.network,
    typeof ports.network,
  ];
  const accepted: Connection[] = [];
  const heard: string[] = [];
  const listening = two.listen({ host: 'here', port: PORT }, (connection) => {
    accepted.push(connection);
    connection.start(noting(heard));
  });
  return { world, ports, links, one, accepted, heard, listening };
}

function noting(heard: string[]): ConnectionHandlers {
  return {
    data: (chunk) => void heard.push(new TextDecoder().decode(chunk)),
    end: () => void heard.push('end'),
    drained: () => void heard.push('drained'),
    closed: (error) => void heard.push(`closed ${error?.code ?? 'in order'}`),
  };
}

const bytes = (text: string) => [new TextEncoder().encode(text)];

test('what is sent over a cut link waits, and arrives in order once it is healed', async () => {
  const { world, links, one, accepted, heard, listening } = twoNodes();
  await world.run(listening);
  const connection = await world.run(one.dial({ host: 'here', port: PORT, timeoutMs: 1_000 }));
  const answers: string[] = [];
  connection.start(noting(answers));
  connection.write(bytes('a'));
  await world.time.runFor(10);
  expect(heard).toEqual(['a']);
  links.cut([1]);
  const done: (NetworkError | undefined)[] = [];
  connection.write(bytes('b'), (error) => done.push(error));
  connection.write(bytes('c'), (error) => done.push(error));
  connection.end();
  accepted[0]?.write(bytes('x'));
  await world.time.runFor(60_000);
  expect({ heard, answers, done, queued: connection.queuedBytes }).toEqual({
    heard: ['a'],
    answers: [],
    done: [],
    queued: 2,
  });
  links.heal();
  await world.time.runFor(10);
  expect({ heard: heard.join(' ').replace('b c', 'bc'), answers, done }).toEqual({
    heard: 'a bc end',
    answers: ['x'],
    done: [undefined, undefined],
  });
});

test('a call over a cut link is not answered; clients reach everybody', async () => {
  const { world, ports, links, one, heard, listening } = twoNodes();
  await world.run(listening);
  links.cut([2]);
  const before = ports.clock.monotonicMs();
  await expect(world.run(one.dial({ host: 'here', port: PORT, timeoutMs: 700 }))).rejects.toMatchObject({
    code: 'timeout',
    port: PORT,
  });
  expect(ports.clock.monotonicMs() - before).toBeGreaterThanOrEqual(700);
  const client = await world.run(ports.network.dial({ host: 'here', port: PORT, timeoutMs: 700 }));
  client.start(noting([]));
  client.write(bytes('hello'));
  await world.time.runFor(10);
  expect(heard.join('')).toBe('hello');
});

test('nobody hears across a cut that a connection was given up, until it is healed', async () => {
  const { world, links, one, accepted, heard, listening } = twoNodes();
  await world.run(listening);
  const connection = await world.run(one.dial({ host: 'here', port: PORT, timeoutMs: 1_000 }));
  const answers: string[] = [];
  const done: (string | undefined)[] = [];
  connection.start(noting(answers));
  await world.time.runFor(10);
  links.cut([1]);
  connection.write(bytes('never'), (error) => done.push(error?.code));
  connection.abort();
  await world.time.runFor(10);
  expect({ answers, done, heard }).toEqual({ answers: ['closed aborted'], done: ['aborted'], heard: [] });
  links.heal();
  await world.time.runFor(10);
  expect(heard).toEqual(['closed reset']);
  expect(accepted).toHaveLength(1);
});

test('nodes on the same side of a cut still reach each other', async () => {
  const { world, links, one, heard, listening } = twoNodes();
  await world.run(listening);
  links.cut([1, 2]);
  expect([links.severed(1, 2), links.severed(1, 3), links.cutOff]).toEqual([false, true, [1, 2]]);
  const connection = await world.run(one.dial({ host: 'here', port: PORT, timeoutMs: 1_000 }));
  connection.start(noting([]));
  connection.write(bytes('near'));
  await world.time.runFor(10);
  expect(heard.join('')).toBe('near');
});
