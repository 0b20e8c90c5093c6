import type { PlaneReply, PlaneRequest, RequestContext } from '@biquorum/control-plane';
import { ChannelError, type ControllerChannel } from '@biquorum/control-plane/channel';
import { decodeResponseHeader, errorName } from '@biquorum/kafka-wire';
import { type EnvelopeResponse, envelopeRequest, envelopeResponse } from '@biquorum/kafka-wire/messages/envelope';
import { encodePrincipal } from '@biquorum/kafka-wire/principal';
import { ByteReader } from '@biquorum/std';
import { parseAddress } from '../server/addresses.ts';

/**
 * Passes a client's request on to the active controller, as it came, with the client's name on it.
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
  try {
    const answer = await passOn(channel, request.frame, request.context, deadlineMs);
    const error = errorName(answer.errorCode);
    if (error !== 'NONE' || answer.responseData === null) {
      return { kind: 'close', reason: `the controller did not take the forwarded request: ${error}` };
    }
    const reader = new ByteReader(answer.responseData);
    decodeResponseHeader(reader, apiKey, apiVersion);
    return { kind: 'body', body: answer.responseData.subarray(reader.offset) };
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error;
    return { kind: 'close', reason: `the request could not be forwarded: ${error.message}` };
  }
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
