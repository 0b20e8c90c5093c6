import type { ConfigEntry } from '@biquorum/control-plane';
import { assert } from '@biquorum/std';
import { TOPIC_CONFIGS } from './topic-configs.ts';

/**
 * The row of a broker's setting that is the default of a topic's and has its type, default and range: made from the
 * topic's row.
 */
export function topicDefault(name: string): ConfigEntry {
  const topic = TOPIC_CONFIGS.find(({ synonyms }) => synonyms[0]?.name === name);
  assert(topic !== undefined, () => `no setting of topics has ${name} as its default`);
  const { synonyms: _, ...facts } = topic;
  const documentation = `Default of the topics’ \`${topic.name}\`.`;
  return { ...facts, name, update: 'cluster-wide', documentation };
}
