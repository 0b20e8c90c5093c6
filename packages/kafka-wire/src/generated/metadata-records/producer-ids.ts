// Made by scripts/generate.ts from src/metadata-records/producer-ids.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { producerIdsRecordTable } from '../../metadata-records/producer-ids.ts';

/**
 * A block of producer ids was handed to a broker.
 *
 * Record type 15, version 0.
 */
export interface ProducerIdsRecord {
  /** Id of the broker. */
  readonly brokerId: number;
  /** Epoch of the broker’s registration; −1 when unknown. Default −1. */
  readonly brokerEpoch: number;
  /** First producer id that was not handed out. */
  readonly nextProducerId: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link ProducerIdsRecord}. */
export const producerIdsRecord: MessageCodec<ProducerIdsRecord> = /* @__PURE__ */ codec(producerIdsRecordTable);
