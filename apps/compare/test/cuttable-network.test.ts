import type { Connection, NetworkError } from '@biquorum/platform';
import { createNodePorts } from '@biquorum/platform/node';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { CuttableNetwork } from '../src/node/cuttable-network.ts';

const ports = createNodePorts();
afterAll(() => ports.close());

/** A server that says everything back, and what a client of it, through a network that can be cut, has heard. */
async function echo() {
  const accepted: Connection[] = [];
  const listener = await ports.network.listen({ host: '127.0.0.1', port: 0 }, (connection) => {
    accepted.push(connection);
    connection.start({
      data: (chunk) => void connection.write([chunk.slice()]),
      end: () => connection.end(),
      drained: () => {},
      closed: () => {},
    });
  });
  const network = new CuttableNetwork(ports);
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
    client,
    heard,
    say,
    port,
    accepted,
    async [Symbol.asyncDispose]() {
      network.cut([]);
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
    link.network.cut([link.port]);
    link.say('one ');
    link.say('two ');
    // Another way to the same server tells that it answers meanwhile, and that nothing came of the first one.
    const other = new CuttableNetwork(ports);
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
    link.network.cut([]);
    link.say('three');
    await vi.waitFor(() => expect(link.heard.text).toBe('before one two three'), patience);
  });

  it('keeps from the owner that the peer has gone, until it is healed', async () => {
    await using link = await echo();
    link.say('x');
    await vi.waitFor(() => expect(link.heard.text).toBe('x'), patience);
    link.network.cut([link.port]);
    link.accepted[0]?.abort();
    expect(link.heard.closed).toBeUndefined();
    link.network.cut([]);
    await vi.waitFor(() => expect(link.heard.closed).toMatchObject({ code: 'reset' }), patience);
  });

  it('tells the owner who gives a cut connection up at once, and answers what it had written', async () => {
    await using link = await echo();
    link.network.cut([link.port]);
    const done = vi.fn();
    link.client.write([new Uint8Array(4)], done);
    link.client.abort();
    await vi.waitFor(() => expect(link.heard.closed).toMatchObject({ code: 'aborted' }), patience);
    expect(done).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ code: 'aborted' }));
  });

  it('lets nobody be dialled who is cut off: not before it is healed, and not longer than the caller waits', async () => {
    await using link = await echo();
    link.network.cut([link.port]);
    await expect(link.network.dial({ host: '127.0.0.1', port: link.port, timeoutMs: 20 })).rejects.toMatchObject({
      code: 'timeout',
    });
    const late = link.network.dial({ host: '127.0.0.1', port: link.port, timeoutMs: 60_000 });
    link.network.cut([]);
    const connection = await late;
    connection.start({ data: () => {}, end: () => {}, drained: () => {}, closed: () => {} });
    connection.abort();
    expect(connection.remote.port).toBe(link.port);
  });
});
