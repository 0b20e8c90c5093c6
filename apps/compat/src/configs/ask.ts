import { once } from 'node:events';
import { connect } from 'node:net';
import { decodeResponseHeader, type Init, type MessageCodec, readFrameSize, requestFrame } from '@biquorum/kafka-wire';
import { ByteReader } from '@biquorum/std';

const TIMEOUT_MS = 30_000;

/** Puts one request to a broker over a connection of its own, and returns the answer. @param timeoutMs of silence */
export async function ask<Request, Response>(
  bootstrap: string,
  request: MessageCodec<Request>,
  response: MessageCodec<Response>,
  version: number,
  body: Init<Request>,
  timeoutMs: number = TIMEOUT_MS,
): Promise<Response> {
  const segments = requestFrame(request, version, { correlationId: 1, clientId: 'compat' }, body);
  const reader = new ByteReader(await askBytes(bootstrap, Buffer.concat(segments as Uint8Array[]), timeoutMs));
  decodeResponseHeader(reader, request.table.apiKey ?? -1, version);
  return response.decode(reader, version);
}

/** Puts one frame to a broker over a connection of its own, and returns that of the answer without its size. */
export async function askBytes(
  bootstrap: string,
  frame: Uint8Array,
  timeoutMs: number = TIMEOUT_MS,
): Promise<Uint8Array> {
  const [host, port] = bootstrap.split(':');
  const socket = connect({ host: host ?? '', port: Number(port), timeout: timeoutMs });
  socket.once('timeout', () => socket.destroy(new Error(`${bootstrap} was silent for ${timeoutMs} ms`)));
  try {
    await once(socket, 'connect');
    socket.write(frame);
    return await readFrame(socket);
  } finally {
    socket.destroy();
  }
}

async function readFrame(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  let bytes = new Uint8Array(0);
  for await (const chunk of chunks) {
    bytes = Buffer.concat([bytes, chunk]);
    if (bytes.length < 4) continue;
    const size = readFrameSize(bytes, 0);
    if (bytes.length >= 4 + size) return bytes.subarray(4, 4 + size);
  }
  throw new Error('the broker closed the connection before it answered');
}
