import type { Fields, Telemetry } from '@biquorum/platform';
import type { Transport } from './ports.ts';

/**
 * A transport that tells of messages as they are sent and as they arrive: events `message sent`, with `to`, and
 * `message received`, with `from`, of level `debug`. Where that level is off, the transport itself.
 *
 * @param factsOf what is told of a message; undefined for those that are not worth telling
 */
export function tellMessages<Message>(
  transport: Transport<Message>,
  telemetry: Telemetry,
  factsOf: (message: Message) => Fields | undefined,
): Transport<Message> {
  if (!telemetry.enabled('debug')) return transport;
  const tell = (event: string, peer: Fields, message: Message): void => {
    const facts = factsOf(message);
    if (facts !== undefined) telemetry.log('debug', event, { ...peer, ...facts });
  };
  const sent = (to: number, message: Message): void => tell('message sent', { to }, message);
  const received = (from: number, message: Message): void => tell('message received', { from }, message);
  return {
    start: (events) =>
      transport.start({
        message(channel, from, inReplyTo, message) {
          received(from, message);
          return events.message(channel, from, inReplyTo, message);
        },
        request(channel, from, message, reply) {
          received(from, message);
          return events.request(channel, from, message, (answer) => {
            sent(from, answer);
            reply(answer);
          });
        },
        link: (channel, peer, up, gone) => events.link(channel, peer, up, gone),
      }),
    send(channel, to, message, request) {
      sent(to, message);
      transport.send(channel, to, message, request);
    },
    ...(transport.dial === undefined ? {} : { dial: (channel, to) => transport.dial?.(channel, to) }),
    ...(transport.hangUp === undefined ? {} : { hangUp: (channel, to) => transport.hangUp?.(channel, to) }),
    ...(transport.whenRoom === undefined
      ? {}
      : { whenRoom: (channel, to, run) => transport.whenRoom?.(channel, to, run) }),
    learn: (id, address) => transport.learn(id, address),
    close: () => transport.close(),
  };
}
