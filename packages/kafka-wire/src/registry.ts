/**
 * All messages at once: for what must treat any of them, such as tools and tests. Importing it loads every table; those
 * who know which messages they need import `@biquorum/kafka-wire/messages/<api>` instead.
 *
 * @packageDocumentation
 */
import type { MessageCodec } from './codec/message-codec.ts';
import { codecs } from './generated/registry.ts';

/** The codecs of one API. */
export interface ApiCodecs {
  readonly request: MessageCodec<unknown>;
  readonly response: MessageCodec<unknown>;
}

/** Every codec by the name of its message, such as `FetchRequest` or `PartitionRecord`. */
export const messageByName: ReadonlyMap<string, MessageCodec<unknown>> = new Map(
  codecs.map((codec) => [codec.table.name, codec]),
);

/** The codecs of every API by its key. */
export const messagesByApiKey: ReadonlyMap<number, ApiCodecs> = pairUp();

function pairUp(): Map<number, ApiCodecs> {
  const pairs = new Map<number, ApiCodecs>();
  for (const request of codecs) {
    const { type, apiKey } = request.table;
    if (type !== 'request' || apiKey === undefined) continue;
    const response = codecs.find(({ table }) => table.type === 'response' && table.apiKey === apiKey);
    if (response !== undefined) pairs.set(apiKey, { request, response });
  }
  return pairs;
}
