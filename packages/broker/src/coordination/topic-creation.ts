import type { ControlPlane, RequestContext, TopicError, TopicSpec } from '@biquorum/control-plane';
import type { GroupSettings } from '../settings.ts';

/** The topic that keeps consumer groups and their offsets. */
export const OFFSETS_TOPIC = '__consumer_offsets';

/** Topics that come into being because somebody asked for them. */
export class TopicCreation {
  readonly #plane: Pick<ControlPlane, 'createTopics'>;
  readonly #groups: GroupSettings;

  constructor(plane: Pick<ControlPlane, 'createTopics'>, groups: GroupSettings) {
    this.#plane = plane;
    this.#groups = groups;
  }

  /**
   * Creates topics that a client named in a Metadata request. The errors are what the client is told: a topic that was
   * just made has no leader that everybody knows, so it is LEADER_NOT_AVAILABLE and the client asks again.
   */
  async createForClient(
    names: readonly string[],
    context: RequestContext,
  ): Promise<{ readonly name: string; readonly error: string }[]> {
    if (names.length === 0) return [];
    const outcomes = await this.#plane.createTopics(
      names.map((name) => this.#spec(name)),
      context,
    );
    return outcomes.map(({ name, error }) => ({ name, error: forClient(error) }));
  }

  /** Creates the topic of consumer groups. Resolves with the error to log. */
  async createOffsetsTopic(): Promise<TopicError> {
    const [outcome] = await this.#plane.createTopics([this.#spec(OFFSETS_TOPIC)], null);
    return outcome ?? { name: OFFSETS_TOPIC, error: 'UNKNOWN_SERVER_ERROR', message: 'the plane gave no answer' };
  }

  #spec(name: string): TopicSpec {
    if (name !== OFFSETS_TOPIC) return { name, partitions: -1, replicationFactor: -1, configs: new Map() };
    const { topicPartitions, topicReplicationFactor, topicSegmentBytes } = this.#groups;
    return {
      name,
      partitions: topicPartitions,
      replicationFactor: topicReplicationFactor,
      configs: new Map([
        ['cleanup.policy', 'compact'],
        ['compression.type', 'producer'],
        ['segment.bytes', String(topicSegmentBytes)],
      ]),
    };
  }
}

/** Source: Java `DefaultAutoTopicCreationManager`. */
function forClient(error: string): string {
  switch (error) {
    case 'NONE':
    case 'TOPIC_ALREADY_EXISTS':
    case 'REQUEST_TIMED_OUT':
    case 'NOT_CONTROLLER':
      return 'LEADER_NOT_AVAILABLE';
    default:
      return error;
  }
}
