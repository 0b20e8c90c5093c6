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

/** Questions that wait for so many bytes each, in order. */
class Asker {
  readonly #waiting: { missing: number; readonly resolve: () => void }[] = [];

  ask(bytes: number, send: () => void): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ missing: bytes, resolve });
      send();
    });
  }

  take(bytes: number): void {
    let left = bytes;
    for (let first = this.#waiting[0]; first !== undefined && left > 0; first = this.#waiting[0]) {
      const taken = Math.min(left, first.missing);
      left -= taken;
      first.missing -= taken;
      if (first.missing > 0) return;
      this.#waiting.shift();
      first.resolve();
    }
  }
}

const [bare, ported] = [new Asker(), new Asker()];
socket.on('data', (chunk) => bare.take(chunk.length));
connection.start({ data: (chunk) => ported.take(chunk.length), end() {}, drained() {}, closed() {} });

const request = new Uint8Array(100).fill(1);
await suite({
  title: 'ask 100 B and get them back, one at a time',
  baseline: 'node:net',
  cases: {
    'node:net': () => bare.ask(request.length, () => socket.write(request)),
    Connection: () => ported.ask(request.length, () => connection.write([request])),
  },
});

const pieces = Array.from({ length: 64 }, () => new Uint8Array(1_024).fill(1));
await suite({
  title: 'send 64 × 1 KiB, gathered, and get them back',
  baseline: 'node:net, one write each',
  bytesPerOp: 64 * 1_024,
  cases: {
    'node:net, one write each': () =>
      bare.ask(64 * 1_024, () => {
        for (const piece of pieces) socket.write(piece);
      }),
    Connection: () => ported.ask(64 * 1_024, () => connection.write(pieces)),
  },
});

const large = new Uint8Array(1_024 * 1_024).fill(1);
await suite({
  title: 'send 1 MiB and get it back',
  baseline: 'node:net',
  bytesPerOp: large.length,
  cases: {
    'node:net': () => bare.ask(large.length, () => socket.write(large)),
    Connection: () => ported.ask(large.length, () => connection.write([large])),
  },
});

process.exit();
