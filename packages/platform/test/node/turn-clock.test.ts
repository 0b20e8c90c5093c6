import { createNodePorts, type NodePorts } from '@biquorum/platform/node';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const TURN_MS_MAX = 100;

/** Nothing else runs in this loop meanwhile. */
function holdUp(durationMs: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, durationMs);
}

describe('the clock of ports whose turns count for no more than so long', () => {
  let ports: NodePorts;
  beforeEach(() => {
    ports = createNodePorts({ turnMsMax: TURN_MS_MAX });
  });
  afterEach(() => ports.close());

  const pass = (delayMs: number): Promise<void> => {
    return new Promise((resolve) => void ports.timers.set(delayMs, resolve));
  };

  test('counts a hold-up of the loop as one turn, and never goes back', async () => {
    await pass(50);
    for (let round = 0; round < 3; round++) {
      const [beforeMs, realBeforeMs] = [ports.clock.monotonicMs(), performance.now()];
      holdUp(1_000);
      const held = ports.clock.monotonicMs() - beforeMs;
      expect(performance.now() - realBeforeMs).toBeGreaterThan(990);
      expect(held).toBeGreaterThanOrEqual(0);
      expect(held).toBeLessThanOrEqual(TURN_MS_MAX);
      const during = ports.clock.monotonicMs();
      await pass(1);
      expect(ports.clock.monotonicMs()).toBeGreaterThan(during);
    }
  });

  test('goes on, no faster than the clock of the machine, and has timers go off no earlier than they should', async () => {
    const [beforeMs, realBeforeMs] = [ports.clock.monotonicMs(), performance.now()];
    await pass(400);
    const passedMs = ports.clock.monotonicMs() - beforeMs;
    expect(passedMs).toBeGreaterThanOrEqual(400);
    // The machine's clock is read a moment after and before this one.
    expect(passedMs).toBeLessThanOrEqual(performance.now() - realBeforeMs + 1);
  });

  test('lets others speak between timers that came due during one hold-up', async () => {
    const events: string[] = [];
    const listener = await ports.network.listen({ host: '127.0.0.1', port: 0 }, (connection) => {
      connection.start({
        data: () => events.push('heard'),
        end: () => connection.end(),
        drained: () => {},
        closed: () => {},
      });
    });
    const client = await ports.network.dial({ host: '127.0.0.1', port: listener.address.port, timeoutMs: 60_000 });
    client.start({ data: () => {}, end: () => {}, drained: () => {}, closed: () => {} });
    await pass(50);
    // As a client that shows signs of life, and a server which ends its session when there are none for so long.
    const spoken = pass(300).then(() => client.write([Uint8Array.of(1)]));
    const expired = pass(900).then(() => events.push('expired'));
    holdUp(2_000);
    await Promise.all([spoken, expired]);
    expect(events).toEqual(['heard', 'expired']);
    client.abort();
    await listener.close();
  });
});

test('turns that could not be told from the pauses of an idle loop are refused', () => {
  expect(() => createNodePorts({ turnMsMax: 49 })).toThrow('turns of 49 ms are too short');
});
