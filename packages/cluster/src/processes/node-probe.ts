import { PeerChannel } from '@biquorum/kafka-network';
import { decodeResponseHeader, encodeRequestHeader, type Init, type MessageCodec } from '@biquorum/kafka-wire';
import { describeQuorumRequest, describeQuorumResponse } from '@biquorum/kafka-wire/messages/describe-quorum';
import { listOffsetsRequest, listOffsetsResponse } from '@biquorum/kafka-wire/messages/list-offsets';
import { metadataRequest, metadataResponse } from '@biquorum/kafka-wire/messages/metadata';
import type { Ports } from '@biquorum/platform';
import { ByteReader, ByteWriter } from '@biquorum/std';
import type { TopicInSync } from '../cluster-node.ts';

const TIMEOUT_MS = 1_000;
const RESPONSE_BYTES_MAX = 100 << 20;
const METADATA_VERSION = 8;
const LIST_OFFSETS_VERSION = 5;
const LATEST = -1;

/** Looks at a node of another process by Kafka's own requests. */
export class NodeProbe {
  readonly #ports: Pick<Ports, 'network' | 'timers'>;
  readonly #id: number;
  readonly #host: string;
  readonly #port: number;
  #channel: PeerChannel | undefined;

  constructor(ports: Pick<Ports, 'network' | 'timers'>, id: number, address: string) {
    this.#ports = ports;
    this.#id = id;
    const at = address.lastIndexOf(':');
    this.#host = address.slice(0, at);
    this.#port = Number(address.slice(at + 1));
  }

  /** Does it answer as a partition's leader, in the epoch that it sees itself? */
  async leads(topic: string, partition: number): Promise<boolean> {
    const known = await this.#topic(topic);
    const own = known?.partitions.find(({ partitionIndex }) => partitionIndex === partition);
    if (own === undefined || own.leaderId !== this.#id) return false;
    const asked = { partitionIndex: partition, timestamp: LATEST, currentLeaderEpoch: own.leaderEpoch };
    const response = await this.#ask(listOffsetsRequest, listOffsetsResponse, LIST_OFFSETS_VERSION, {
      replicaId: -1,
      isolationLevel: 0,
      topics: [{ name: topic, partitions: [asked] }],
    });
    return response?.topics[0]?.partitions[0]?.errorCode === 0;
  }

  /** What it sees of a topic; undefined when it knows none of the name. */
  async topicInSync(topic: string): Promise<TopicInSync | undefined> {
    const known = await this.#topic(topic);
    if (known === undefined) return undefined;
    return {
      partitionCount: known.partitions.length,
      partitions: known.partitions
        .filter(({ leaderId, isrNodes, replicaNodes }) => {
          return leaderId === this.#id && isrNodes.length === replicaNodes.length;
        })
        .map(({ partitionIndex }) => partitionIndex),
    };
  }

  /** The epoch in which it leads the quorum; undefined when it does not. */
  async activeEpoch(): Promise<number | undefined> {
    const response = await this.#ask(describeQuorumRequest, describeQuorumResponse, 0, {
      topics: [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }],
    });
    const [partition] = response?.topics[0]?.partitions ?? [];
    const leads = partition?.errorCode === 0 && partition.leaderId === this.#id;
    return leads ? partition.leaderEpoch : undefined;
  }

  close(): void {
    this.#channel?.close();
    this.#channel = undefined;
  }

  async #topic(name: string) {
    const response = await this.#ask(metadataRequest, metadataResponse, METADATA_VERSION, {
      topics: [{ name }],
      allowAutoTopicCreation: false,
    });
    const [topic] = response?.topics ?? [];
    return topic?.errorCode === 0 ? topic : undefined;
  }

  /** Undefined when it does not answer. */
  async #ask<Request, Response>(
    request: MessageCodec<Request>,
    response: MessageCodec<Response>,
    version: number,
    body: Init<Request>,
  ): Promise<Response | undefined> {
    const apiKey = request.table.apiKey ?? -1;
    this.#channel ??= new PeerChannel(
      this.#ports,
      { host: this.#host, port: this.#port },
      {
        connectTimeoutMs: TIMEOUT_MS,
        requestTimeoutMs: TIMEOUT_MS,
        responseBytesMax: RESPONSE_BYTES_MAX,
      },
    );
    try {
      const frame = await this.#channel.request((correlationId) => {
        const header = new ByteWriter();
        const clientId = 'biquorum-probe';
        encodeRequestHeader(header, { requestApiKey: apiKey, requestApiVersion: version, correlationId, clientId });
        return [header.finish(), request.toBytes(body, version)];
      });
      const reader = new ByteReader(frame);
      decodeResponseHeader(reader, apiKey, version);
      return response.decode(reader, version);
    } catch {
      this.close();
      return undefined;
    }
  }
}
