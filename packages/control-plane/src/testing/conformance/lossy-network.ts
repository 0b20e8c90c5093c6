import type { Connection, Network } from '@biquorum/platform';

/** Decides whether the reply to a request of this API must vanish. */
export type LosesReply = (apiKey: number) => boolean;

/**
 * A network on which replies get lost: the request takes effect, and the connection breaks when its answer comes.
 *
 * @param otherPort where another protocol is spoken; what goes there is left alone
 */
export function lossyNetwork(network: Network, losesReply: LosesReply, otherPort?: number): Network {
  return {
    listen: (options, onConnection) => network.listen(options, onConnection),
    canonicalHostName: () => network.canonicalHostName(),
    dial: async (options) => {
      const connection = await network.dial(options);
      return options.port === otherPort ? connection : lossy(connection, losesReply);
    },
  };
}

const SIZE_BYTES = 4;

function lossy(connection: Connection, losesReply: LosesReply): Connection {
  const doomed = new Set<number>();
  return {
    local: connection.local,
    remote: connection.remote,
    get queuedBytes() {
      return connection.queuedBytes;
    },
    start(handlers) {
      let pending = new Uint8Array(0);
      connection.start({
        ...handlers,
        data(chunk) {
          pending = Uint8Array.from([...pending, ...chunk]);
          for (;;) {
            if (pending.length < SIZE_BYTES + 4) return;
            const view = new DataView(pending.buffer);
            const end = SIZE_BYTES + view.getInt32(0);
            if (pending.length < end) return;
            if (doomed.has(view.getInt32(SIZE_BYTES))) {
              connection.abort();
              return;
            }
            const frame = pending.slice(0, end);
            pending = pending.slice(end);
            handlers.data(frame);
          }
        },
      });
    },
    write(chunks, done) {
      const bytes = Uint8Array.from(chunks.flatMap((chunk) => [...chunk.subarray(0, 12)]).slice(0, 12));
      const view = new DataView(bytes.buffer);
      // A request is written in one call: size, API key, version, correlation id.
      if (losesReply(view.getInt16(SIZE_BYTES))) doomed.add(view.getInt32(SIZE_BYTES + 4));
      return connection.write(chunks, done);
    },
    pause: () => connection.pause(),
    resume: () => connection.resume(),
    end: () => connection.end(),
    abort: () => connection.abort(),
  };
}
