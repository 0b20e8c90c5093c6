import type { RequestContext } from '@biquorum/control-plane';
import {
  decodeRequestHeader,
  type ErrorName,
  encodeResponseHeader,
  errorCode,
  ProtocolError,
  type RequestHeader,
} from '@biquorum/kafka-wire';
import { envelopeRequest, envelopeResponse } from '@biquorum/kafka-wire/messages/envelope';
import { decodePrincipal } from '@biquorum/kafka-wire/principal';
import { ByteReader, ByteWriter } from '@biquorum/std';
import { formatAddress } from './addresses.ts';
import { concatBytes } from './bytes.ts';
import { FORWARDABLE_KEYS, isServedByControllers } from './controller-apis.ts';
import { saysNotController } from './not-controller.ts';
import type { ControllerRouter, RoutedRequest } from './router.ts';

/** Key of Envelope. */
export const ENVELOPE_KEY = 58;

/**
 * Serves what a broker passes on for a client: unwraps it, has it served as that client's own, and wraps the response.
 * That another node is the active controller is told to the broker, which looks for it, and not to the client.
 *
 * Source: Java `EnvelopeUtils`, `RequestChannel.buildResponseSend` of 3.9 (KIP-590).
 *
 * @throws ProtocolError when the envelope itself cannot be read
 */
export async function answerEnvelope(
  router: ControllerRouter,
  context: RequestContext,
  version: number,
  body: Uint8Array,
): Promise<Uint8Array> {
  const envelope = envelopeRequest.decode(new ByteReader(body), version);
  const refuse = (error: ErrorName): Uint8Array =>
    envelopeResponse.toBytes({ responseData: null, errorCode: errorCode(error) }, version);
  const principal = readPrincipal(envelope.requestPrincipal);
  if (principal === undefined) return refuse('PRINCIPAL_DESERIALIZATION_FAILURE');
  const clientAddress = formatAddress(envelope.clientHostAddress);
  if (clientAddress === undefined) return refuse('INVALID_REQUEST');
  const inner = readHeader(envelope.requestData);
  if (inner === undefined) return refuse('UNSUPPORTED_VERSION');
  const { requestApiKey: apiKey, requestApiVersion: apiVersion, correlationId, clientId } = inner.header;
  if (!FORWARDABLE_KEYS.has(apiKey)) return refuse('INVALID_REQUEST');
  if (!isServedByControllers(apiKey, apiVersion)) return refuse('UNSUPPORTED_VERSION');
  const request: RoutedRequest = {
    apiKey,
    apiVersion,
    body: envelope.requestData.subarray(inner.bodyOffset),
    context: { ...context, principal, clientAddress, clientId },
  };
  let answer: Uint8Array;
  try {
    answer = await router.route(request);
  } catch (error) {
    if (error instanceof ProtocolError) return refuse('UNSUPPORTED_VERSION');
    throw error;
  }
  if (saysNotController(apiKey, apiVersion, answer)) return refuse('NOT_CONTROLLER');
  const header = new ByteWriter();
  encodeResponseHeader(header, { correlationId }, apiKey, apiVersion);
  return envelopeResponse.toBytes({ responseData: concatBytes([header.finish(), answer]), errorCode: 0 }, version);
}

function readPrincipal(bytes: Uint8Array | null): { readonly type: string; readonly name: string } | undefined {
  if (bytes === null) return undefined;
  try {
    const { type, name } = decodePrincipal(bytes);
    return { type, name };
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

function readHeader(data: Uint8Array): { readonly header: RequestHeader; readonly bodyOffset: number } | undefined {
  const reader = new ByteReader(data);
  try {
    return { header: decodeRequestHeader(reader), bodyOffset: reader.offset };
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}
