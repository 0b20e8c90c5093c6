import { ControllerChannel, type KnownController } from '@biquorum/control-plane/channel';
import {
  type ApiVersionsResponse,
  apiVersionsRequest,
  apiVersionsResponse,
} from '@biquorum/kafka-wire/messages/api-versions';
import { MemoryWorld } from '@biquorum/platform/testing';
import { ByteReader, FrameReader } from '@biquorum/std';
import { describe, expect, test } from 'vitest';

const VERSION = 3;
const PORT = 9093;

/** Answers every request, which are all ApiVersions, with its own id as the throttle time. */
async function controller(world: MemoryWorld, id: number): Promise<KnownController> {
  const host = `controller-${id}`;
  const body = apiVersionsResponse.toBytes(
    { throttleTimeMs: id, apiKeys: [{ apiKey: 18, minVersion: 0, maxVersion: VERSION }] },
    VERSION,
  );
  const { network } = world.addHost(host).ports;
  await world.run(
    network.listen({ host, port: PORT, backlog: 5 }, (connection) => {
      const frames = new FrameReader(1_000, (frame) => {
        const reader = new ByteReader(frame);
        reader.i32();
        const answer = new Uint8Array(8 + body.length);
        new DataView(answer.buffer).setInt32(0, 4 + body.length);
        new DataView(answer.buffer).setInt32(4, reader.i32());
        answer.set(body, 8);
        connection.write([answer]);
      });
      connection.start({
        data: (chunk) => void frames.push(chunk),
        end: () => connection.end(),
        drained: () => {},
        closed: () => {},
      });
    }),
  );
  return { id, endpoint: { host, port: PORT } };
}

/** Knows a controller, until it is told of another one. */
class Told {
  #known: KnownController;
  readonly #listeners: Set<() => void> = new Set();

  constructor(known: KnownController) {
    this.#known = known;
  }

  tell(known: KnownController): void {
    this.#known = known;
    for (const listener of this.#listeners) listener();
  }

  controller = (): KnownController => this.#known;

  onChange = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };
}

const call = {
  request: apiVersionsRequest,
  response: apiVersionsResponse,
  body: () => ({ clientSoftwareName: 'test', clientSoftwareVersion: '1' }),
  isTransient: () => false,
};

describe('a request to the active controller', () => {
  test.each([
    ['does not answer any more', true],
    ['cannot even be reached', false],
  ])('goes to the new one as soon as it is known, though the old one %s', async (_, wasConnected) => {
    const world = new MemoryWorld({ seed: 6 });
    const [old, next] = [await controller(world, 1), await controller(world, 2)];
    const source = new Told(old);
    const { ports } = world.addHost('broker');
    const channel = new ControllerChannel(ports, source, { clientId: 'test', requestTimeoutMs: 30_000 });
    const deadlineMs = ports.clock.monotonicMs() + 60_000;
    if (wasConnected) expect((await world.run(channel.ask(call, deadlineMs))).throttleTimeMs).toBe(1);
    world.network.isolate('controller-1');
    let answer: ApiVersionsResponse | undefined;
    void channel.ask(call, deadlineMs).then((given) => {
      answer = given;
    });
    // Less than after what a connection is given up.
    await world.time.runFor(1_000);
    expect(answer).toBeUndefined();
    source.tell(next);
    await world.time.runFor(100);
    expect(answer?.throttleTimeMs).toBe(2);
    channel.close();
  });
});
