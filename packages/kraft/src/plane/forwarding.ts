import type { PlaneReply, PlaneRequest, RequestContext } from '@biquorum/control-plane';
import { ChannelError, type ControllerChannel } from '@biquorum/control-plane/channel';
import { decodeResponseHeader, type ErrorName, errorName } from '@biquorum/kafka-wire';
import { type EnvelopeResponse, envelopeRequest, envelopeResponse } from '@biquorum/kafka-wire/messages/envelope';
import { encodePrincipal } from '@biquorum/kafka-wire/principal';
import { assert, ByteReader } from '@biquorum/std';
import { failedResponse } from '../controller/apis/index.ts';
import { parseAddress } from '../server/addresses.ts';

/**
 * Passes a client's request on to the active controller, as it came, with the client's name on it. Where no controller
 * answers in time, or one refuses the envelope, the client is told so in its own request's terms; where the controller
 * does not know the request's version, the connection is closed, so that the client asks for versions anew.
 *
 * Source: Java `ForwardingManager` of 3.9 (KIP-590).
 *
 * @param deadlineMs on the monotonic clock
 */
export async function forward(
  channel: ControllerChannel,
  request: PlaneRequest,
  deadlineMs: number,
): Promise<PlaneReply> {
  const { apiKey, apiVersion } = request;
  let answer: EnvelopeResponse;
  try {
    answer = await passOn(channel, request.frame, request.context, deadlineMs);
  } catch (thrown) {
    if (!(thrown instanceof ChannelError)) throw thrown;
    switch (thrown.code) {
      case 'timeout':
        return failed(request, 'REQUEST_TIMED_OUT');
      case 'unsupported':
        return failed(request, 'UNKNOWN_SERVER_ERROR');
      case 'closed':
        return { kind: 'close', reason: `the request could not be forwarded: ${thrown.message}` };
    }
  }
  const error = errorName(answer.errorCode);
  if (error === 'UNSUPPORTED_VERSION') {
    return { kind: 'close', reason: 'the controller does not know this version of the request' };
  }
  if (error !== 'NONE' || answer.responseData === null) return failed(request, 'UNKNOWN_SERVER_ERROR');
  const reader = new ByteReader(answer.responseData);
  decodeResponseHeader(reader, apiKey, apiVersion);
  return { kind: 'body', body: answer.responseData.subarray(reader.offset) };
}

function failed({ apiKey, apiVersion, frame, bodyOffset }: PlaneRequest, error: ErrorName): PlaneReply {
  const body = failedResponse(apiKey, apiVersion, frame.subarray(bodyOffset), error);
  assert(body !== undefined, () => `nothing is known of API ${apiKey}, which was forwarded`);
  return { kind: 'body', body };
}

/** Sends header and body in an Envelope. @throws ChannelError */
export function passOn(
  channel: ControllerChannel,
  frame: Uint8Array,
  context: RequestContext,
  deadlineMs: number,
): Promise<EnvelopeResponse> {
  const { principal, clientAddress } = context;
  const body = {
    requestData: frame,
    requestPrincipal: encodePrincipal({ ...principal, tokenAuthenticated: false }),
    clientHostAddress: parseAddress(clientAddress),
  };
  const call = {
    request: envelopeRequest,
    response: envelopeResponse,
    body: () => body,
    isTransient: ({ errorCode }: EnvelopeResponse) => errorName(errorCode) === 'NOT_CONTROLLER',
  };
  return channel.ask(call, deadlineMs);
}
