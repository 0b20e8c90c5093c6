import { PeerChannel } from '@biquorum/kafka-network';
import { decodeResponseHeader, type Init, type MessageCodec, requestFrame } from '@biquorum/kafka-wire';
import type { Ports } from '@biquorum/platform';
import { ByteReader } from '@biquorum/std';

/** A request of Kafka's protocol and its answer, in a version that both Kafka 3.9 and Biquorum serve. */
export interface Exchange<Request, Response> {
  readonly request: MessageCodec<Request>;
  readonly response: MessageCodec<Response>;
  readonly version: number;
}

/** What a client needs of this process. */
export type ClientPorts = Pick<Ports, 'network' | 'timers'>;

const CLIENT_ID = 'biquorum-compare';
const RESPONSE_BYTES_MAX = 200 << 20;
const SIZE_BYTES = 4;

/** A thin client of one node: what is timed with it is the node. It connects when asked, and anew after a failure. */
export class NodeClient implements Disposable {
  readonly #channel: PeerChannel;

  /** @param timeoutMs how long an answer may take, and a connection */
  constructor(ports: ClientPorts, address: string, timeoutMs: number) {
    const at = address.lastIndexOf(':');
    const [host, port] = [address.slice(0, at), Number(address.slice(at + 1))];
    this.#channel = new PeerChannel(
      ports,
      { host, port },
      { connectTimeoutMs: timeoutMs, requestTimeoutMs: timeoutMs, responseBytesMax: RESPONSE_BYTES_MAX },
    );
  }

  /** @throws PeerError when there is no answer in time */
  async ask<Request, Response>(exchange: Exchange<Request, Response>, body: Init<Request>): Promise<Response> {
    const { request, response, version } = exchange;
    const frame = await this.#channel.request((correlationId) => {
      const segments = requestFrame(request, version, { correlationId, clientId: CLIENT_ID }, body);
      return withoutSize(segments as readonly Uint8Array[]);
    });
    const reader = new ByteReader(frame);
    decodeResponseHeader(reader, request.table.apiKey ?? -1, version);
    return response.decode(reader, version);
  }

  [Symbol.dispose](): void {
    this.#channel.close();
  }
}

/** The channel writes the size itself. */
function withoutSize([first, ...rest]: readonly Uint8Array[]): readonly Uint8Array[] {
  return first === undefined ? [] : [first.subarray(SIZE_BYTES), ...rest];
}
