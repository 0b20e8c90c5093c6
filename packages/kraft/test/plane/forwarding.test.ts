import { readFileSync } from 'node:fs';
import type { PlaneReply, PlaneRequest } from '@biquorum/control-plane';
import { ChannelError, type ControllerChannel } from '@biquorum/control-plane/channel';
import { type ErrorName, errorCode } from '@biquorum/kafka-wire';
import type { EnvelopeResponse } from '@biquorum/kafka-wire/messages/envelope';
import { messagesByApiKey } from '@biquorum/kafka-wire/registry';
import { describe, expect, it } from 'vitest';
import { announce } from '../../src/plane/announcement.ts';
import { forward } from '../../src/plane/forwarding.ts';

/** What `AbstractRequest.getErrorResponse` of Apache 3.9.2 makes of requests; bodies in hex. */
interface ErrorResponse {
  readonly apiKey: number;
  readonly version: number;
  readonly request: string;
  /** Of a TimeoutException without a message. */
  readonly timedOut: string;
  /** Of UNKNOWN_SERVER_ERROR's own exception. */
  readonly unknown: string;
}

const recorded: readonly ErrorResponse[] = JSON.parse(
  readFileSync(new URL('fixtures/apache-3.9.2-error-responses.json', import.meta.url), 'utf8'),
);

/** A channel to a controller of which one thing is known: how it answers. */
function channelThat(answer: () => Promise<Partial<EnvelopeResponse>>): ControllerChannel {
  return { ask: answer } as Pick<ControllerChannel, 'ask'> as ControllerChannel;
}

function requestOf({ apiKey, version: apiVersion, request }: ErrorResponse): PlaneRequest {
  const body = Uint8Array.from(Buffer.from(request, 'hex'));
  const header = Uint8Array.of(0, apiKey, 0, apiVersion, 0, 0, 0, 7, 0xff, 0xff);
  const frame = Uint8Array.from([...header, ...body]);
  const context = {
    listener: 'PLAINTEXT',
    securityProtocol: 'PLAINTEXT',
    principal: { type: 'User', name: 'alice' },
    clientAddress: '10.0.0.9',
    clientId: null,
  } as const;
  return { context, apiKey, apiVersion, correlationId: 7, frame, bodyOffset: header.length };
}

const bodyOf = (reply: PlaneReply): string =>
  reply.kind === 'body' ? Buffer.from(reply.body).toString('hex') : `closed: ${reply.reason}`;

/** A response that was recorded, or given, as a client reads it; of messages only whether there is one. */
function essence({ apiKey, version }: ErrorResponse, hex: string): unknown {
  const response = messagesByApiKey.get(apiKey)?.response.fromBytes(Uint8Array.from(Buffer.from(hex, 'hex')), version);
  return JSON.parse(
    JSON.stringify(response, (key, value) => (key === 'errorMessage' && value !== null ? 'text' : value)),
  );
}

const without = (error: ErrorName): Promise<Partial<EnvelopeResponse>> =>
  Promise.resolve({ errorCode: errorCode(error), responseData: null });

describe('a request that is forwarded', () => {
  it('has a recorded response for every key that a broker passes on', () => {
    const passedOn = announce([], undefined, { levels: new Map(), epoch: 0 }).planeKeys;
    const keys = new Set(recorded.map(({ apiKey }) => apiKey));
    expect([...passedOn].filter((key) => !keys.has(key))).toEqual([50]);
  });

  it.each(recorded)(
    'is told that it timed out where no controller answers, as by Apache: key $apiKey version $version',
    async (row) => {
      const channel = channelThat(() => Promise.reject(new ChannelError('timeout', 'nobody answered')));
      expect(essence(row, bodyOf(await forward(channel, requestOf(row), 0)))).toEqual(essence(row, row.timedOut));
    },
  );

  it.each(recorded)(
    'is told nothing more when the envelope is refused, as by Apache: key $apiKey version $version',
    async (row) => {
      const refused = channelThat(() => without('CLUSTER_AUTHORIZATION_FAILED'));
      expect(essence(row, bodyOf(await forward(refused, requestOf(row), 0)))).toEqual(essence(row, row.unknown));
      const unsupported = channelThat(() => Promise.reject(new ChannelError('unsupported', 'no envelopes there')));
      expect(essence(row, bodyOf(await forward(unsupported, requestOf(row), 0)))).toEqual(essence(row, row.unknown));
    },
  );

  it('closes the connection where the controller does not know its version, or this node stops', async () => {
    const [row] = recorded as [ErrorResponse];
    const older = channelThat(() => without('UNSUPPORTED_VERSION'));
    expect((await forward(older, requestOf(row), 0)).kind).toBe('close');
    const stopping = channelThat(() => Promise.reject(new ChannelError('closed', 'this node stops')));
    expect((await forward(stopping, requestOf(row), 0)).kind).toBe('close');
  });

  it("hands out the controller's response without its header", async () => {
    const [row] = recorded as [ErrorResponse];
    const responseData = Uint8Array.of(0, 0, 0, 7, 0, 0, 0, 0);
    const channel = channelThat(() => Promise.resolve({ errorCode: 0, responseData }));
    expect(bodyOf(await forward(channel, requestOf(row), 0))).toBe('00000000');
  });
});
