/** One partition of one topic: what a log belongs to. */
export interface TopicPartition {
  /** Topic name, at most 249 characters of `[a-zA-Z0-9._-]`. */
  readonly topic: string;
  /** Partition number, from 0. */
  readonly partition: number;
}

/** `topic-partition`, for messages and as the name of a log's directory. */
export function formatTopicPartition({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`;
}
