import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { suite } from '@biquorum/bench';
import type { Connection } from '@biquorum/platform';
import { createNodePorts } from '@biquorum/platform/node';

// Both ends are in this process: the work of two, on one core.

const { network } = createNodePorts();
const host = '127.0.0.1';

const server = createServer({ noDelay: true }, (socket) => {
  socket.on('data', (chunk) => socket.write(chunk));
});
server.listen(0, host);
await once(server, 'listening');
const socket = connect({ host, port: (server.address() as AddressInfo).port, noDelay: true });
await once(socket, 'connect');

const listener = await network.listen({ host, port: 0 }, (accepted: Connection) =>
  accepted.start({
    data: (chunk) => void accepted.write([chunk.slice()]),
    end: () => accepted.end(),
    drained() {},
    closed() {},
  }),
);
const connection = await network.dial({ host, port: listener.address.port, timeoutMs: 1_000 });
let received = 0;
let wanted = 0;
let answered: () => void = () => {};
const take = (length: number): void => {
  received += length;
  if (received >= wanted) answered();
};
socket.on('data', (chunk) => take(chunk.length));
connection.start({ data: (chunk) => take(chunk.length), end() {}, drained() {}, closed() {} });

const answer = (bytes: number, send: () => void): Promise<void> => {
  received = 0;
  wanted = bytes;
  return new Promise((resolve) => {
    answered = resolve;
    send();
  });
};

const request = new Uint8Array(100).fill(1);
await suite({
  title: 'ask 100 B and get them back, one at a time',
  baseline: 'node:net',
  cases: {
    'node:net': () => answer(request.length, () => socket.write(request)),
    Connection: () => answer(request.length, () => connection.write([request])),
  },
});

const pieces = Array.from({ length: 64 }, () => new Uint8Array(1_024).fill(1));
await suite({
  title: 'send 64 × 1 KiB, gathered, and get them back',
  baseline: 'node:net, one write each',
  bytesPerOp: 64 * 1_024,
  cases: {
    'node:net, one write each': () =>
      answer(64 * 1_024, () => {
        for (const piece of pieces) socket.write(piece);
      }),
    Connection: () => answer(64 * 1_024, () => connection.write(pieces)),
  },
});

const large = new Uint8Array(1_024 * 1_024).fill(1);
await suite({
  title: 'send 1 MiB and get it back',
  baseline: 'node:net',
  bytesPerOp: large.length,
  cases: {
    'node:net': () => answer(large.length, () => socket.write(large)),
    Connection: () => answer(large.length, () => connection.write([large])),
  },
});

process.exit();
