import { MemoryWorld } from '@biquorum/platform/testing';
import { expect, test } from 'vitest';
import { ListenerServer } from '../src/listener-server.ts';

const MIB = 1 << 20;

test('for a peer that never reads no more is worked on than the bounds allow, and all of it once it reads', async () => {
  const world = new MemoryWorld({ seed: 3 });
  const { ports } = world.addHost('server');
  let served = 0;
  const limits = {
    requestBytesMax: 1_000,
    requestsInFlightMax: 5,
    responseBytesMax: 4 * MIB,
    idleMsMax: 600_000,
    connectionsMax: 10,
    connectionsPerHostMax: 10,
  };
  const server = new ListenerServer(ports, limits, {
    serve: () => {
      served += 1;
      return { kind: 'response', segments: [new Uint8Array(MIB)] };
    },
    forget: () => {},
  });
  await world.run(server.bind({ listener: 'PLAINTEXT', host: 'server', port: 9092, backlog: 5 }));
  server.open();

  const client = world.addHost('client').ports;
  const connection = await world.run(client.network.dial({ host: 'server', port: 9092, timeoutMs: 1_000 }));
  let received = 0;
  connection.start({
    data: (chunk) => {
      received += chunk.length;
    },
    end: () => connection.end(),
    drained: () => {},
    closed: () => {},
  });
  connection.pause();
  const REQUESTS = 100;
  for (let index = 0; index < REQUESTS; index++) connection.write([new Uint8Array([0, 0, 0, 1, index])]);
  await world.time.runFor(60_000);
  // What the sockets between them hold comes on top of the bound.
  expect(served).toBeGreaterThan(0);
  expect(served).toBeLessThan(12);
  connection.resume();
  await world.time.runUntil(() => received === REQUESTS * (MIB + 4));
  expect(served).toBe(REQUESTS);
  await world.run(server.close(1_000));
});

test('a server that is closed before it was open ends with the connections that wait for it', async () => {
  const world = new MemoryWorld({ seed: 4 });
  const { ports } = world.addHost('server');
  const limits = {
    requestBytesMax: 1_000,
    requestsInFlightMax: 5,
    responseBytesMax: MIB,
    idleMsMax: 600_000,
    connectionsMax: 10,
    connectionsPerHostMax: 10,
  };
  let served = 0;
  const server = new ListenerServer(ports, limits, {
    serve: () => {
      served += 1;
      return { kind: 'silence' };
    },
    forget: () => {},
  });
  await world.run(server.bind({ listener: 'PLAINTEXT', host: 'server', port: 9092, backlog: 5 }));
  const client = world.addHost('client').ports;
  const connection = await world.run(client.network.dial({ host: 'server', port: 9092, timeoutMs: 1_000 }));
  let ended = false;
  connection.start({
    data: () => {},
    end: () => {
      ended = true;
      connection.end();
    },
    drained: () => {},
    closed: () => {},
  });
  connection.write([new Uint8Array([0, 0, 0, 1, 7])]);
  await world.time.runFor(1_000);
  await world.run(server.close(1_000), { limitMs: 60_000 });
  expect({ ended, served, connections: server.connectionCount }).toEqual({ ended: true, served: 0, connections: 0 });
});
