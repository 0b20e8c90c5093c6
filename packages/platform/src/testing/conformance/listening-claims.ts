import type { Connection } from '../../network.ts';
import type { NetworkError } from '../../network-error.ts';
import { check, equal, equalBytes, eventually, pattern, rejectsCode, text } from './checks.ts';
import { type Claim, claim } from './kit.ts';
import { connectPair, Recorder, withPair } from './recorder.ts';

/** What all listeners do, and all who dial. */
export const listeningClaims: readonly Claim[] = [
  claim('a port is chosen when none is asked for, and a chosen one is kept', async ({ ports: { network }, host }) => {
    const first = await network.listen({ host, port: 0 }, () => {});
    const { port } = first.address;
    check(Number.isInteger(port) && port > 0 && port < 65_536, `port ${port}`);
    equal(first.address.host, host, 'host');
    await first.close();
    await first.close();
    // The port is free at once.
    const second = await network.listen({ host, port, backlog: 10 }, () => {});
    equal(second.address.port, port, 'port');
    await second.close();
  }),

  claim('a port has one listener', async ({ ports: { network }, host }) => {
    const listener = await network.listen({ host, port: 0 }, () => {});
    const { port } = listener.address;
    const again = network.listen({ host, port }, () => {});
    const error = (await rejectsCode('address-in-use', again, 'a second listener')) as NetworkError;
    equal([error.operation, error.host, error.port], ['listen', host, port], 'facts of the error');
    check(error.message.includes(`${host}:${port}: `), `message: ${error.message}`);
    await listener.close();
  }),

  claim('nobody listens on an address of somebody else', async ({ ports: { network }, foreignHost }) => {
    const listening = network.listen({ host: foreignHost, port: 0 }, () => {});
    await rejectsCode('address-unavailable', listening, 'a foreign address');
  }),

  claim('a listener on all addresses is found under the canonical name', async ({ ports }) => {
    const { network } = ports;
    const accepted: Connection[] = [];
    const listener = await network.listen({ host: '0.0.0.0', port: 0 }, (connection) => accepted.push(connection));
    const host = await network.canonicalHostName().catch((error: NetworkError) => {
      if (error.code === 'unknown-host') return undefined;
      throw error;
    });
    // A machine may have a name that only it knows.
    if (host === undefined) return listener.close();
    equal(await network.canonicalHostName(), host, 'name');
    const connection = await network.dial({ host, port: listener.address.port, timeoutMs: 10_000 });
    await eventually(ports, () => accepted.length === 1, 'a connection is accepted');
    for (const end of [connection, ...accepted]) end.abort();
    await listener.close();
  }),

  claim('dialling where nobody listens is refused', async ({ ports: { network }, host }) => {
    const listener = await network.listen({ host, port: 0 }, () => {});
    const { port } = listener.address;
    await listener.close();
    const dialling = network.dial({ host, port, timeoutMs: 5_000 });
    const error = (await rejectsCode('refused', dialling, 'dial')) as NetworkError;
    equal([error.operation, error.host, error.port], ['dial', host, port], 'facts of the error');
  }),

  claim('a name that nobody has is unknown', async ({ ports: { network } }) => {
    const dialling = network.dial({ host: 'no-such-host.invalid', port: 1, timeoutMs: 10_000 });
    await rejectsCode('unknown-host', dialling, 'dial');
  }),

  claim('connections outlive their listener', async (subject) => {
    await withPair(subject, async ({ near, far, listener }) => {
      near.start();
      far.start();
      await listener.close();
      near.connection.write([text('still here')]);
      await far.untilReceived(10);
      equalBytes(far.received(), text('still here'), 'bytes');
    });
  }),

  claim('many connections at once keep their bytes apart', async ({ ports, host }) => {
    const { network } = ports;
    // An echo that repeats what it is told in the order in which it is told.
    const listener = await network.listen({ host, port: 0 }, (connection: Connection) => {
      connection.start({
        data: (chunk) => void connection.write([chunk.slice()]),
        end: () => connection.end(),
        drained: () => {},
        closed: () => {},
      });
    });
    const { port } = listener.address;
    const recorders = await Promise.all(
      Array.from({ length: 16 }, async () => {
        return new Recorder(ports, await network.dial({ host, port, timeoutMs: 5_000 })).start();
      }),
    );
    const length = 120_000;
    for (let start = 0; start < length; start += 8_000) {
      for (const [index, { connection }] of recorders.entries()) {
        connection.write([pattern(length, index).subarray(start, start + 8_000)]);
      }
    }
    for (const { connection } of recorders) connection.end();
    await eventually(ports, () => recorders.every((recorder) => recorder.has('closed')), 'all to close');
    for (const [index, recorder] of recorders.entries()) {
      equalBytes(recorder.received(), pattern(length, index), `connection ${index}`);
      equal(recorder.error, undefined, `error of connection ${index}`);
    }
    await listener.close();
  }),

  claim('connections that nobody starts can be dropped', async (subject) => {
    const { near, far, listener } = await connectPair(subject);
    near.connection.abort();
    far.connection.abort();
    await listener.close();
  }),
];
