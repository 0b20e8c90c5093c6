import type { KafkaClient } from '../client/kafka-client.ts';
import { KafkaError } from '../client/kafka-error.ts';
import type { TopicPartition } from '../client/offsets.ts';
import { describeByMetadata } from '../client/topics.ts';
import { wholeNumber } from '../flags.ts';

const UNKNOWN_TOPIC_OR_PARTITION = 3;

/** A topic, and which of its partitions; all of them where none is named. */
export interface TopicFlag {
  readonly topic: string;
  readonly partitions: readonly number[] | undefined;
}

/** Reads `topic` or `topic:0,1,2`. @throws UsageError */
export function readTopicFlag(text: string): TopicFlag {
  const at = text.lastIndexOf(':');
  if (at === -1) return { topic: text, partitions: undefined };
  const numbers = text.slice(at + 1).split(',');
  return {
    topic: text.slice(0, at),
    partitions: numbers.map((number) => wholeNumber(`--topic ${text}: partition`, number, 0, 0x7fff_ffff)),
  };
}

/** The partitions that are meant. @throws KafkaError for a topic that does not exist and whose partitions are not named */
export async function partitionsOf(
  client: KafkaClient,
  flags: readonly TopicFlag[],
): Promise<readonly TopicPartition[]> {
  const whole = flags.filter(({ partitions }) => partitions === undefined).map(({ topic }) => topic);
  const states = new Map((await describeByMetadata(client, whole)).map((state) => [state.name, state.partitions]));
  return flags.flatMap(({ topic, partitions }) => {
    const numbers = partitions ?? states.get(topic)?.map(({ partition }) => partition);
    if (numbers === undefined) throw new KafkaError(`topic ${topic}`, UNKNOWN_TOPIC_OR_PARTITION);
    return numbers.map((partition) => ({ topic, partition }));
  });
}
