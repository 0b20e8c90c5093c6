import { type ChannelSpec, TcpTransport, tellMessages } from '@biquorum/consensus';
import { noTelemetry } from '@biquorum/platform';
import { CollectingTelemetry, MemoryWorld } from '@biquorum/platform/testing';
import { expect, test } from 'vitest';

const codec = {
  encode: (value: string) => new TextEncoder().encode(value),
  decode: (bytes: Uint8Array) => new TextDecoder().decode(bytes),
};
const channels: readonly ChannelSpec[] = [{ name: 'first', link: 'any' }];
const peers = [0, 1].map((id) => ({ id, address: `member-${id}:9000` }));
const factsOf = (message: string) => (message.startsWith('secret') ? undefined : { message });

function member(world: MemoryWorld, id: number) {
  const { ports } = world.addHost(`member-${id}`);
  const transport = new TcpTransport({ ...ports, id, peers, channels, codec, cluster: 'one' });
  const telemetry = new CollectingTelemetry();
  const told = tellMessages(transport, telemetry, factsOf);
  told.start({
    message: () => true,
    request: (_channel, _from, message, reply) => {
      reply(`answer to ${message}`);
      return true;
    },
    link: () => {},
  });
  return { transport, told, telemetry };
}

test('messages, questions and answers are told of at both ends; those without facts are not', async () => {
  const world = new MemoryWorld({ seed: 1 });
  const [a, b] = [member(world, 0), member(world, 1)];
  await world.run(b.transport.listen('0.0.0.0', 9000));
  a.told.send('first', 1, 'question', 7);
  a.told.send('first', 1, 'secret news', 0);
  await world.time.runFor(50);
  expect(a.telemetry.events).toEqual([
    { level: 'debug', event: 'message sent', fields: { to: 1, message: 'question' } },
    { level: 'debug', event: 'message received', fields: { from: 1, message: 'answer to question' } },
  ]);
  expect(b.telemetry.events).toEqual([
    { level: 'debug', event: 'message received', fields: { from: 0, message: 'question' } },
    { level: 'debug', event: 'message sent', fields: { to: 0, message: 'answer to question' } },
  ]);
});

test('where nobody listens the transport stays as it is', () => {
  const { ports } = new MemoryWorld({ seed: 1 }).addHost('member-0');
  const transport = new TcpTransport({ ...ports, id: 0, peers, channels, codec, cluster: 'one' });
  expect(tellMessages(transport, noTelemetry, factsOf)).toBe(transport);
});
