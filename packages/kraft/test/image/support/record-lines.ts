import { decodeMetadataRecord, encodeMetadataRecord, type MetadataRecord } from '@biquorum/kafka-wire/metadata-records';
import type { MetadataImage, VersionedRecord } from '@biquorum/kraft';

/** Records as text, one a line, in an order of its own: what maps hold has none that means anything. */
export function recordLines(records: Iterable<MetadataRecord>): string[] {
  return Array.from(records, (record) => JSON.stringify(record, inOrder)).sort();
}

/** The records of an image's snapshot, through their bytes. */
export function imageLines(image: MetadataImage): string[] {
  return recordLines(Array.from(image.records(), whole));
}

/** What was written, as it is read back. */
export function whole({ message, version }: VersionedRecord): MetadataRecord {
  return decodeMetadataRecord(encodeMetadataRecord(message, version));
}

function inOrder(_key: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return Array.from(value);
  if (Array.isArray(value) && value.every((item) => typeof item === 'object' && item !== null && 'name' in item)) {
    return [...value].sort((a, b) => (a.name < b.name ? -1 : 1));
  }
  return value;
}
