import { uuidFromBytes } from '@biquorum/kafka-wire';
import { type TopicId, ZERO_TOPIC_ID } from '@biquorum/metadata';
import type { Random } from '@biquorum/platform';

/** A random id of a topic or cluster; none begins with "-", which tools would take for an option. Source: Java `Uuid.randomUuid`. */
export function randomId(random: Random): TopicId {
  for (;;) {
    const bytes = new Uint8Array(16);
    random.fill(bytes);
    // Version 4, variant 2.
    bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
    bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
    const id = uuidFromBytes(bytes);
    if (!id.startsWith('-') && id !== ZERO_TOPIC_ID) return id;
  }
}
