import type { TopicError, TopicSpec } from '@biquorum/control-plane';
import { validateCounts } from '@biquorum/metadata';
import type { Random } from '@biquorum/platform';
import { type ZooKeeperClient, ZooKeeperError } from '@biquorum/zookeeper-client';
import type { ConfigRules, ControllerSettings } from '../seam.ts';
import { checkNewTopic, writeNewTopic } from '../topics/create-topic.ts';
import { readLiveBrokers } from '../topics/live-brokers.ts';
import { placeReplicas } from '../topics/placement.ts';
import { randomId } from '../topics/random-id.ts';

/** What creations at a broker need. */
export interface TopicCreationsParts {
  readonly session: () => ZooKeeperClient;
  readonly random: Random;
  readonly settings: Pick<ControllerSettings, 'defaultPartitions' | 'defaultReplicationFactor'>;
  readonly configRules: Pick<ConfigRules, 'check'>;
}

/**
 * Creations that a broker starts: it writes the znodes itself, whoever is controller. One at a time for each name; who
 * asks for a name that is under way waits for that one.
 *
 * Source: Java `DefaultAutoTopicCreationManager`, `ZkAdminManager.createTopics` of 3.9 without migration.
 */
export class TopicCreations {
  readonly #parts: TopicCreationsParts;
  readonly #running: Map<string, Promise<TopicError>> = new Map();
  #close: (reason: null) => void = () => {};
  readonly #closed: Promise<null>;

  constructor(parts: TopicCreationsParts) {
    this.#parts = parts;
    this.#closed = new Promise((resolve) => {
      this.#close = resolve;
    });
  }

  /** One answer per topic, in the order asked. Never rejects. */
  create(topics: readonly TopicSpec[]): Promise<readonly TopicError[]> {
    return Promise.all(
      topics.map((topic) => {
        const { name } = topic;
        const running = this.#running.get(name);
        if (running !== undefined) return running;
        const answer = Promise.race([this.#answer(topic), this.#closed]).then(
          (known) => known ?? failed(name, 'NOT_CONTROLLER', 'this broker stops'),
        );
        this.#running.set(
          name,
          answer.finally(() => this.#running.delete(name)),
        );
        return this.#running.get(name) as Promise<TopicError>;
      }),
    );
  }

  /** Answers what is open with an error. */
  close(): void {
    this.#close(null);
  }

  async #answer(topic: TopicSpec): Promise<TopicError> {
    try {
      return await this.#createOne(topic);
    } catch (error) {
      // Answered as retriable: the session is over, or the ensemble refuses.
      const code = error instanceof ZooKeeperError ? 'NOT_CONTROLLER' : 'UNKNOWN_SERVER_ERROR';
      return failed(topic.name, code, error instanceof Error ? error.message : String(error));
    }
  }

  async #createOne({ name, partitions, replicationFactor, configs }: TopicSpec): Promise<TopicError> {
    const { session: current, random, settings, configRules } = this.#parts;
    const session = current();
    const refusal = await checkNewTopic(session, name);
    if (refusal !== null) return { name, ...refusal };
    const brokers = await readLiveBrokers(session);
    const count = partitions === -1 ? settings.defaultPartitions : partitions;
    const factor = replicationFactor === -1 ? settings.defaultReplicationFactor : replicationFactor;
    const counts = validateCounts(count, factor, brokers.length);
    if (counts !== null) return { name, ...counts };
    const fault = configRules.check({ type: 'topic', name }, configs);
    if (fault !== null) return failed(name, 'INVALID_CONFIG', fault);
    const assignment = placeReplicas(brokers, count, factor, random);
    const written = await writeNewTopic(session, { name, topicId: randomId(random), assignment, configs });
    return written === null ? { name, error: 'NONE', message: null } : { name, ...written };
  }
}

function failed(name: string, error: string, message: string): TopicError {
  return { name, error, message };
}
