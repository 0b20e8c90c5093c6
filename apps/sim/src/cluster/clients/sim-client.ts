import { PeerChannel, PeerError } from '@biquorum/kafka-network';
import { decodeResponseHeader, type Init, type MessageCodec, requestFrame, type Uuid } from '@biquorum/kafka-wire';
import { metadataRequest, metadataResponse } from '@biquorum/kafka-wire/messages/metadata';
import type { Ports } from '@biquorum/platform';
import { ByteReader, type Prng } from '@biquorum/std';

/** Where a broker is found. */
export interface BrokerAddress {
  readonly id: number;
  readonly host: string;
  readonly port: number;
}

/** Who leads a partition, as far as a client knows. */
export interface KnownLeader {
  readonly id: number;
  readonly epoch: number;
}

const PATIENCE = { connectTimeoutMs: 1_000, requestTimeoutMs: 3_000, responseBytesMax: 1 << 22 };
/** What comes before the header in a frame. */
const SIZE_BYTES = 4;

/** Speaks Kafka's protocol from a host of its own: one connection to each broker, and its own idea of who leads. */
export class SimClient {
  readonly #ports: Ports;
  readonly #prng: Prng;
  readonly #brokers: readonly BrokerAddress[];
  readonly #channels: Map<number, PeerChannel> = new Map();
  readonly #leaders: Map<string, KnownLeader> = new Map();
  readonly #ids: Map<string, Uuid> = new Map();
  readonly #partitions: Map<string, number> = new Map();

  constructor(ports: Ports, prng: Prng, brokers: readonly BrokerAddress[]) {
    this.#ports = ports;
    this.#prng = prng;
    this.#brokers = brokers;
  }

  /** A broker, whether it lives or not. */
  anyBroker(): number {
    return this.#prng.pick(this.#brokers).id;
  }

  pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => void this.#ports.timers.set(delayMs, resolve));
  }

  /** Resolves with undefined when no answer comes: then nobody knows whether the request has taken effect, or will. */
  async ask<Request, Response>(
    broker: number,
    request: MessageCodec<Request>,
    response: MessageCodec<Response>,
    version: number,
    body: Init<Request>,
  ): Promise<Response | undefined> {
    const channel = this.#channel(broker);
    if (channel === undefined) return undefined;
    let frame: Uint8Array;
    try {
      frame = await channel.request((correlationId) => {
        const whole = requestFrame(request, version, { correlationId, clientId: 'simulated' }, body) as Uint8Array[];
        return whole.map((segment, index) => (index === 0 ? segment.subarray(SIZE_BYTES) : segment));
      });
    } catch (error) {
      if (error instanceof PeerError) return undefined;
      throw error;
    }
    const reader = new ByteReader(frame);
    decodeResponseHeader(reader, request.table.apiKey ?? -1, version);
    return response.decode(reader, version);
  }

  /** Asks a broker who leads. What is older than what is known already is ignored. */
  async refresh(): Promise<void> {
    const body = { topics: null, allowAutoTopicCreation: false };
    const answer = await this.ask(this.anyBroker(), metadataRequest, metadataResponse, 12, body);
    for (const { name, topicId, partitions } of answer?.topics ?? []) {
      if (name !== null) this.#ids.set(name, topicId);
      this.#partitions.set(topicId, Math.max(partitions.length, this.#partitions.get(topicId) ?? 0));
      for (const { partitionIndex, leaderId, leaderEpoch } of partitions) {
        const key = `${topicId}-${partitionIndex}`;
        if (leaderEpoch < (this.#leaders.get(key)?.epoch ?? -1)) continue;
        this.#leaders.set(key, { id: leaderId, epoch: leaderEpoch });
      }
    }
  }

  /** Undefined while nobody is known to lead. */
  leaderOf(topicId: string, partition: number): KnownLeader | undefined {
    const leader = this.#leaders.get(`${topicId}-${partition}`);
    return leader === undefined || leader.id < 0 ? undefined : leader;
  }

  /** The id of a topic as it was last heard. */
  idOf(name: string): Uuid | undefined {
    return this.#ids.get(name);
  }

  /** How many partitions a topic was seen with. */
  partitionsOf(id: string): number {
    return this.#partitions.get(id) ?? 0;
  }

  #channel(id: number): PeerChannel | undefined {
    const known = this.#channels.get(id);
    if (known !== undefined) return known;
    const broker = this.#brokers.find((one) => one.id === id);
    if (broker === undefined) return undefined;
    const channel = new PeerChannel(this.#ports, { host: broker.host, port: broker.port }, PATIENCE);
    this.#channels.set(id, channel);
    return channel;
  }
}
