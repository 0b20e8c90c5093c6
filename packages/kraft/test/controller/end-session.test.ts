import { expect, test } from 'vitest';
import { ControllerKit } from './support/controller-kit.ts';

test('a broker whose process has ended is fenced at once, and what it led is led by others', async () => {
  const kit = await ControllerKit.withBrokers([1, 2]);
  await kit.assign('t', [[1, 2]]);
  kit.controller.endSession(1 as never, kit.epoch(1) as never);
  await kit.pass(10);
  expect(kit.loader.image.brokers.get(1)?.fenced).toBe(true);
  expect(kit.partition('t', 0)).toMatchObject({ leader: 2, isr: [2] });
});

test('a broker that was taken for dead by mistake is back with its next heartbeat', async () => {
  const kit = await ControllerKit.withBrokers([1, 2]);
  kit.controller.endSession(1 as never, kit.epoch(1) as never);
  await kit.pass(10);
  expect(await kit.beat(1)).toBe('caughtUp');
  expect(kit.loader.image.brokers.get(1)?.fenced).toBe(false);
});

test('another registration of the broker, and a broker that nobody knows, are not touched', async () => {
  const kit = await ControllerKit.withBrokers([1, 2]);
  kit.controller.endSession(1 as never, (kit.epoch(1) - 1) as never);
  kit.controller.endSession(3 as never, 0 as never);
  await kit.pass(10);
  expect(kit.loader.image.brokers.get(1)?.fenced).toBe(false);
});
