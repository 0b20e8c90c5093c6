import type { RequestContext, TopicError, TopicSpec } from '@biquorum/control-plane';
import type { ControllerChannel } from '@biquorum/control-plane/channel';
import { decodeResponseHeader, encodeRequestHeader, errorName, type Init } from '@biquorum/kafka-wire';
import {
  type CreateTopicsRequest,
  type CreateTopicsResponse,
  createTopicsRequest,
  createTopicsResponse,
} from '@biquorum/kafka-wire/messages/create-topics';
import { ByteReader, ByteWriter } from '@biquorum/std';
import { concatBytes } from '../server/bytes.ts';
import { passOn } from './forwarding.ts';

const CREATE_TOPICS_KEY = 19;
const CREATION_TIMEOUT_MS = 30_000;

/**
 * Creations that a broker starts: one at a time for each name; who asks for a name that is under way waits for that one.
 *
 * Source: Java `DefaultAutoTopicCreationManager`.
 */
export class TopicCreations {
  readonly #channel: ControllerChannel;
  readonly #nowMs: () => number;
  readonly #running: Map<string, Promise<TopicError>> = new Map();

  constructor(channel: ControllerChannel, nowMs: () => number) {
    this.#channel = channel;
    this.#nowMs = nowMs;
  }

  /** One answer per topic, in the order asked. Never rejects. */
  create(topics: readonly TopicSpec[], onBehalfOf: RequestContext | null): Promise<readonly TopicError[]> {
    const fresh = new Map(topics.filter(({ name }) => !this.#running.has(name)).map((topic) => [topic.name, topic]));
    if (fresh.size > 0) {
      const answers = this.#ask([...fresh.values()], onBehalfOf);
      for (const name of fresh.keys()) {
        const own = answers
          .then((known) => known.get(name) ?? failed(name, 'UNKNOWN_SERVER_ERROR', 'the controller did not answer'))
          .finally(() => this.#running.delete(name));
        this.#running.set(name, own);
      }
    }
    return Promise.all(topics.map(({ name }) => this.#running.get(name) as Promise<TopicError>));
  }

  async #ask(topics: readonly TopicSpec[], onBehalfOf: RequestContext | null): Promise<Map<string, TopicError>> {
    try {
      const deadlineMs = this.#nowMs() + CREATION_TIMEOUT_MS;
      const response =
        onBehalfOf === null
          ? await this.#asBroker(requestOf(topics), deadlineMs)
          : await this.#asClient(requestOf(topics), onBehalfOf, deadlineMs);
      return new Map(
        response.topics.map(({ name, errorCode, errorMessage }) => [
          name,
          { name, error: errorName(errorCode), message: errorMessage },
        ]),
      );
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return new Map(topics.map(({ name }) => [name, failed(name, 'NOT_CONTROLLER', reason)]));
    }
  }

  #asBroker(body: Init<CreateTopicsRequest>, deadlineMs: number): Promise<CreateTopicsResponse> {
    const isTransient = ({ topics }: CreateTopicsResponse): boolean =>
      topics.some(({ errorCode }) => errorName(errorCode) === 'NOT_CONTROLLER');
    const call = { request: createTopicsRequest, response: createTopicsResponse, body: () => body, isTransient };
    return this.#channel.ask(call, deadlineMs);
  }

  async #asClient(
    body: Init<CreateTopicsRequest>,
    context: RequestContext,
    deadlineMs: number,
  ): Promise<CreateTopicsResponse> {
    const version = Math.min(
      createTopicsRequest.highestVersion,
      this.#channel.ranges?.get(CREATE_TOPICS_KEY)?.max ?? createTopicsRequest.highestVersion,
    );
    const header = new ByteWriter();
    encodeRequestHeader(header, {
      requestApiKey: CREATE_TOPICS_KEY,
      requestApiVersion: version,
      correlationId: 0,
      clientId: context.clientId,
    });
    const frame = concatBytes([header.finish(), createTopicsRequest.toBytes(body, version)]);
    const { errorCode, responseData } = await passOn(this.#channel, frame, context, deadlineMs);
    if (errorCode !== 0 || responseData === null) throw new Error(`the controller answered ${errorName(errorCode)}`);
    const reader = new ByteReader(responseData);
    decodeResponseHeader(reader, CREATE_TOPICS_KEY, version);
    return createTopicsResponse.decode(reader, version);
  }
}

function requestOf(topics: readonly TopicSpec[]): Init<CreateTopicsRequest> {
  return {
    topics: topics.map(({ name, partitions, replicationFactor, configs }) => ({
      name,
      numPartitions: partitions,
      replicationFactor,
      assignments: [],
      configs: [...configs].map(([key, value]) => ({ name: key, value })),
    })),
    timeoutMs: CREATION_TIMEOUT_MS,
    validateOnly: false,
  };
}

function failed(name: string, error: string, message: string): TopicError {
  return { name, error, message };
}
