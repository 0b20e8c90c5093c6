import type { PlaneReply, PlaneRequest } from '@biquorum/control-plane';
import type { Init, MessageCodec } from '@biquorum/kafka-wire';
import { ByteReader } from '@biquorum/std';

/** The body of a request. @throws ProtocolError, BytesError when it cannot be read */
export function readBody<Request>(codec: MessageCodec<Request>, request: PlaneRequest): Request {
  return codec.decode(new ByteReader(request.frame.subarray(request.bodyOffset)), request.apiVersion);
}

/** An answer in the version of its request. */
export function reply<Response>(
  codec: MessageCodec<Response>,
  { apiVersion }: PlaneRequest,
  response: Init<Response>,
): PlaneReply {
  return { kind: 'body', body: codec.toBytes(response, apiVersion) };
}
