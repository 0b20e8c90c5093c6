import { MemoryWorld } from '@biquorum/platform/testing';
import { expect, test } from 'vitest';
import { PeerChannel, type PeerError } from '../src/peer-channel.ts';

const PATIENCE = { connectTimeoutMs: 30_000, requestTimeoutMs: 30_000, responseBytesMax: 1_000 };

test('a channel that is closed ends at once what waits for a connection, and drops the one that is made later', async () => {
  const world = new MemoryWorld({ seed: 5 });
  const { ports } = world.addHost('client');
  const server = world.addHost('server').ports;
  const accepted: { closed: boolean }[] = [];
  await world.run(
    server.network.listen({ host: 'server', port: 9093, backlog: 5 }, (connection) => {
      const state = { closed: false };
      accepted.push(state);
      connection.start({
        data: () => {},
        end: () => connection.end(),
        drained: () => {},
        closed: () => {
          state.closed = true;
        },
      });
    }),
  );
  world.network.isolate('server');
  const channel = new PeerChannel(ports, { host: 'server', port: 9093 }, PATIENCE);
  const codes: string[] = [];
  for (let index = 0; index < 2; index++) {
    channel.request(() => [new Uint8Array(8)]).catch(({ code }: PeerError) => codes.push(code));
  }
  await world.time.runFor(1_000);
  expect(codes).toEqual([]);
  channel.close();
  await world.time.runFor(1);
  expect(codes).toEqual(['closed', 'closed']);
  world.network.healAll();
  await world.time.runFor(60_000);
  expect(accepted.every(({ closed }) => closed)).toBe(true);
  const late = channel.request(() => [new Uint8Array(8)]).catch(({ code }: PeerError) => code);
  expect(await late).toBe('closed');
});
