import { type Uuid, uuid } from '@biquorum/kafka-wire';

/** Topic of the metadata log; it has one partition, 0. */
export const METADATA_TOPIC = '__cluster_metadata';
export const METADATA_PARTITION = 0;
/** Reserved id of that topic (KIP-516). */
export const METADATA_TOPIC_ID: Uuid = uuid('AAAAAAAAAAAAAAAAAAAAAQ');
/** Directory of the metadata log, below `metadata.log.dir`. */
export const METADATA_LOG_NAME = '__cluster_metadata-0';
