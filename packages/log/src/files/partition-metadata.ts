import { FileFault, linesOf } from './checkpoint-text.ts';

const ENCODER = new TextEncoder();
/** 16 bytes in unpadded base64url, as Kafka writes every uuid. */
const TOPIC_ID = /^[A-Za-z0-9_-]{22}$/;
const ZERO_ID = 'A'.repeat(22);

/** The text of `partition.metadata`. Source: `org.apache.kafka.storage.internals.checkpoint.PartitionMetadata`. */
export function formatPartitionMetadata(topicId: string): Uint8Array<ArrayBuffer> {
  return ENCODER.encode(`version: 0\ntopic_id: ${topicId}`);
}

/**
 * The topic id in a `partition.metadata`. Versions above 0 are read like 0, as Java does.
 *
 * @param file what to call the file in an error.
 * @returns 22 characters of base64url.
 * @throws FileFault the file is not of this form, or holds the id that stands for none.
 */
export function parsePartitionMetadata(file: string, bytes: Uint8Array): string {
  const [versionLine = '', idLine = ''] = linesOf(file, bytes);
  const version = versionLine.split(/:\s+/)[1];
  if (version === undefined || !/^\d{1,10}$/.test(version)) throw new FileFault(file, `line 1 is "${versionLine}"`);
  const topicId = idLine.split(/:\s+/)[1];
  if (topicId === undefined || !TOPIC_ID.test(topicId)) throw new FileFault(file, `line 2 is "${idLine}"`);
  if (topicId === ZERO_ID) throw new FileFault(file, 'holds the topic id that stands for none');
  return topicId;
}
