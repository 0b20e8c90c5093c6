import { cuttableNetwork } from '@biquorum/cluster';
import type { Connection, NetworkError } from '@biquorum/platform';
import { createNodePorts } from '@biquorum/platform/node';
import { afterAll, describe, expect, it, vi } from 'vitest';

const ports = createNodePorts();
afterAll(() => ports.close());

/** A server that says everything back, and what a client of it, through a network that can be cut, has heard. */
async function echo() {
  const accepted: Connection[] = [];
  let lost = 0;
  const listener = await ports.network.listen({ host: '127.0.0.1', port: 0 }, (connection) => {
    accepted.push(connection);
    connection.start({
      data: (chunk) => void connection.write([chunk.slice()]),
      end: () => connection.end(),
      drained: () => {},
      closed: () => {
        lost += 1;
      },
    });
  });
  const { network, cut } = cuttableNetwork(ports);
  const { port } = listener.address;
  const client = await network.dial({ host: '127.0.0.1', port, timeoutMs: 60_000 });
  const heard = { text: '', closed: undefined as NetworkError | 'in order' | undefined };
  client.start({
    data(chunk) {
      heard.text += new TextDecoder().decode(chunk);
    },
    end: () => client.end(),
    drained: () => {},
    closed(error) {
      heard.closed = error ?? 'in order';
    },
  });
  const say = (text: string): void => void client.write([new TextEncoder().encode(text)]);
  return {
    network,
    cut,
    client,
    heard,
    say,
    port,
    accepted,
    /** Connections that the server has seen go. */
    get lost() {
      return lost;
    },
    async [Symbol.asyncDispose]() {
      cut([]);
      client.abort();
      for (const connection of accepted) connection.abort();
      await listener.close();
    },
  };
}

const patience = { timeout: 60_000 };

describe('a network that can be cut', () => {
  it('lets everything through while it is whole', async () => {
    await using link = await echo();
    link.say('hello');
    await vi.waitFor(() => expect(link.heard.text).toBe('hello'), patience);
  });

  it('holds what is said while it is cut, and delivers it in order when it is healed', async () => {
    await using link = await echo();
    link.say('before ');
    await vi.waitFor(() => expect(link.heard.text).toBe('before '), patience);
    link.cut([link.port]);
    link.say('one ');
    link.say('two ');
    // Another way to the same server tells that it answers meanwhile, and that nothing came of the first one.
    const other = ports.network;
    const answered = new Promise<void>((resolve) => {
      void other.dial({ host: '127.0.0.1', port: link.port, timeoutMs: 60_000 }).then((connection) => {
        connection.start({
          data() {
            connection.abort();
            resolve();
          },
          end: () => {},
          drained: () => {},
          closed: () => {},
        });
        connection.write([new Uint8Array([1])]);
      });
    });
    await answered;
    expect(link.heard.text).toBe('before ');
    expect(link.client.queuedBytes).toBe(8);
    link.cut([]);
    link.say('three');
    await vi.waitFor(() => expect(link.heard.text).toBe('before one two three'), patience);
  });

  it('keeps from the owner that the peer has gone, until it is healed', async () => {
    await using link = await echo();
    link.say('x');
    await vi.waitFor(() => expect(link.heard.text).toBe('x'), patience);
    link.cut([link.port]);
    link.accepted[0]?.abort();
    expect(link.heard.closed).toBeUndefined();
    link.cut([]);
    await vi.waitFor(() => expect(link.heard.closed).toMatchObject({ code: 'reset' }), patience);
  });

  it('tells the owner who gives a cut connection up at once, and answers what it had written', async () => {
    await using link = await echo();
    link.cut([link.port]);
    const done = vi.fn();
    link.client.write([new Uint8Array(4)], done);
    link.client.abort();
    await vi.waitFor(() => expect(link.heard.closed).toMatchObject({ code: 'aborted' }), patience);
    expect(done).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ code: 'aborted' }));
    // The server, which answers others meanwhile, hears of it when it is healed.
    const other = await ports.network.dial({ host: '127.0.0.1', port: link.port, timeoutMs: 60_000 });
    const answered = new Promise((resolve) => {
      other.start({ data: resolve, end: () => {}, drained: () => {}, closed: () => {} });
    });
    other.write([new Uint8Array([1])]);
    await answered;
    expect(link.lost).toBe(0);
    link.cut([]);
    await vi.waitFor(() => expect(link.lost).toBe(1), patience);
    other.abort();
  });

  it('lets nobody be dialled who is cut off: not before it is healed, and not longer than the caller waits', async () => {
    await using link = await echo();
    link.cut([link.port]);
    await expect(link.network.dial({ host: '127.0.0.1', port: link.port, timeoutMs: 20 })).rejects.toMatchObject({
      code: 'timeout',
    });
    const late = link.network.dial({ host: '127.0.0.1', port: link.port, timeoutMs: 60_000 });
    link.cut([]);
    const connection = await late;
    connection.start({ data: () => {}, end: () => {}, drained: () => {}, closed: () => {} });
    connection.abort();
    expect(connection.remote.port).toBe(link.port);
  });
});
