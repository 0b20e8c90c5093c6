import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { adoptSocket } from '../../src/node/accepted-socket.ts';

const NOTHING = { buffer: new Uint8Array(1), callback: () => true };

test('an accepted socket becomes one that reads into the buffer given, pauses at once and ends in both directions', async () => {
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const peer = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', allowHalfOpen: true });
  const [accepted] = (await once(server, 'connection')) as [Socket];
  const buffer = new Uint8Array(4);
  const seen: string[] = [];
  let taken = 0;
  const socket = adoptSocket(accepted, {
    buffer,
    callback: (length, into) => {
      expect(into).toBe(buffer);
      seen.push(new TextDecoder().decode(into.subarray(0, length)));
      taken += length;
      // Refusing more after the first piece.
      return seen.length > 1;
    },
  });
  if (socket === undefined) throw new Error('this Node shows no handle');
  peer.end('abcdefgh');
  socket.resume();
  while (taken < 4) await new Promise((resolve) => setImmediate(resolve));
  expect(seen).toEqual(['abcd']);
  const ended = once(socket, 'end');
  socket.resume();
  await ended;
  expect(seen.join('')).toBe('abcdefgh');
  const answer = once(peer, 'data');
  const closed = once(socket, 'close');
  socket.end('done');
  expect(String((await answer)[0])).toBe('done');
  await closed;
  server.close();
});

test('a socket without a handle is left alone', async () => {
  const server = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const peer = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' });
  peer.on('error', () => {});
  const [accepted] = (await once(server, 'connection')) as [Socket];
  accepted.destroy();
  await once(accepted, 'close');
  expect(adoptSocket(accepted, NOTHING)).toBeUndefined();
  peer.destroy();
  server.close();
});
