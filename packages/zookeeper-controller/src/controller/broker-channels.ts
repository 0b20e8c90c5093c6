import { PeerChannel, PeerError } from '@biquorum/kafka-network';
import { decodeResponseHeader, encodeRequestHeader, type MessageCodec, ProtocolError } from '@biquorum/kafka-wire';
import type { NodeId } from '@biquorum/metadata';
import type { Ports, Timer } from '@biquorum/platform';
import { assert, ByteReader, ByteWriter } from '@biquorum/std';
import { endpointOf, type LiveBroker } from './context.ts';

/** One request to a broker. */
export interface Push<Request, Response> {
  readonly request: MessageCodec<Request>;
  readonly response: MessageCodec<Response>;
  readonly version: number;
  /** Makes the body when it is its turn. */
  readonly body: () => Uint8Array;
  readonly answered: (response: Response) => void;
}

/** Where and how a controller reaches brokers. */
export interface ChannelSettings {
  readonly brokerId: NodeId;
  /** The brokers' listener for it. */
  readonly listener: string;
  readonly requestTimeoutMs: number;
}

const CONNECT_TIMEOUT_MS = 2_000;
const RESPONSE_BYTES_MAX = 100 << 20;
/** How long a broker that did not answer is left alone. */
const RETRY_MS = 100;

/**
 * The queues of what brokers are told: each gets one request at a time, again and again until it answers or is taken
 * from the channels. Source: Java `ControllerChannelManager`, `RequestSendThread`.
 */
export class BrokerChannels {
  readonly #ports: Pick<Ports, 'network' | 'timers' | 'telemetry'>;
  readonly #settings: ChannelSettings;
  readonly #channels: Map<NodeId, BrokerChannel> = new Map();
  #closed = false;

  constructor(ports: Pick<Ports, 'network' | 'timers' | 'telemetry'>, settings: ChannelSettings) {
    this.#ports = ports;
    this.#settings = settings;
  }

  /** Opens a queue; one that a broker of this number had is given up. */
  add(broker: LiveBroker): void {
    this.remove(broker.id);
    if (this.#closed) return;
    const endpoint = endpointOf(broker, this.#settings.listener);
    if (endpoint === undefined) {
      const { listener } = this.#settings;
      this.#ports.telemetry.log('error', 'broker lacks the listener that controllers use', { id: broker.id, listener });
      return;
    }
    const { requestTimeoutMs, brokerId } = this.#settings;
    const channel = new PeerChannel(this.#ports, endpoint, {
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
      requestTimeoutMs,
      responseBytesMax: RESPONSE_BYTES_MAX,
    });
    this.#channels.set(broker.id, new BrokerChannel(this.#ports, broker.id, channel, `${brokerId}`));
  }

  /** Drops what a broker has not been told; what it answers is not heard. */
  remove(id: NodeId): void {
    this.#channels.get(id)?.close();
    this.#channels.delete(id);
  }

  /** Queues a request; nothing happens when there is no queue for the broker. */
  send<Request, Response>(id: NodeId, push: Push<Request, Response>): void {
    this.#channels.get(id)?.send(push);
  }

  /** Has a broker answered all that it was told? */
  isIdle(id: NodeId): boolean {
    return this.#channels.get(id)?.isIdle ?? true;
  }

  /** Nothing more is sent, and no answer is heard. */
  close(): void {
    this.#closed = true;
    for (const channel of this.#channels.values()) channel.close();
    this.#channels.clear();
  }
}

class BrokerChannel {
  readonly #ports: Pick<Ports, 'timers' | 'telemetry'>;
  readonly #id: NodeId;
  readonly #channel: PeerChannel;
  readonly #clientId: string;
  readonly #waiting: (() => Promise<boolean>)[] = [];
  #timer: Timer | undefined;
  #wake: (() => void) | undefined;
  #working = false;
  #closed = false;

  constructor(ports: Pick<Ports, 'timers' | 'telemetry'>, id: NodeId, channel: PeerChannel, clientId: string) {
    this.#ports = ports;
    this.#id = id;
    this.#channel = channel;
    this.#clientId = clientId;
  }

  get isIdle(): boolean {
    return !this.#working && this.#waiting.length === 0;
  }

  send<Request, Response>(push: Push<Request, Response>): void {
    this.#waiting.push(() => this.#exchange(push));
    if (!this.#working) void this.#work();
  }

  close(): void {
    this.#closed = true;
    this.#waiting.length = 0;
    this.#channel.close();
    this.#timer?.cancel();
    this.#wake?.();
  }

  async #work(): Promise<void> {
    this.#working = true;
    while (!this.#closed) {
      const next = this.#waiting[0];
      if (next === undefined) break;
      if (await next()) {
        if (!this.#closed) this.#waiting.shift();
      } else await this.#pause();
    }
    this.#working = false;
  }

  /** @returns Whether there is an answer. */
  async #exchange<Request, Response>({
    request,
    response,
    version,
    body,
    answered,
  }: Push<Request, Response>): Promise<boolean> {
    const { apiKey } = request.table;
    assert(apiKey !== undefined, () => `${request.table.name} belongs to no API`);
    const { telemetry } = this.#ports;
    let answer: Response;
    try {
      const frame = await this.#channel.request((correlationId) => {
        const header = new ByteWriter();
        const clientId = this.#clientId;
        encodeRequestHeader(header, { requestApiKey: apiKey, requestApiVersion: version, correlationId, clientId });
        telemetry.log('debug', 'message sent', { to: this.#id, type: request.table.name });
        return [header.finish(), body()];
      });
      const reader = new ByteReader(frame);
      decodeResponseHeader(reader, apiKey, version);
      answer = response.decode(reader, version);
    } catch (error) {
      // A broker that is gone or answers what cannot be read is told again until it is no longer registered.
      if (!(error instanceof PeerError || error instanceof ProtocolError)) throw error;
      if (!this.#closed) {
        const { host, port } = this.#channel.address;
        telemetry.log('debug', 'broker did not answer its controller', { host, port, error });
      }
      return false;
    }
    if (!this.#closed) {
      telemetry.log('debug', 'message received', { from: this.#id, type: response.table.name });
      answered(answer);
    }
    return true;
  }

  #pause(): Promise<void> {
    if (this.#closed) return Promise.resolve();
    return new Promise((resolve) => {
      this.#wake = resolve;
      this.#timer = this.#ports.timers.set(RETRY_MS, resolve);
    });
  }
}
