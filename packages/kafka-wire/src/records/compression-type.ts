/** A codec as the attributes of a batch name it. Source: `org.apache.kafka.common.record.CompressionType`. */
export type CompressionType = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd';

const BY_ID: readonly CompressionType[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];

/** The codec with this id; undefined for the ids 5 to 7, which no release has given out. */
export function compressionTypeOf(id: number): CompressionType | undefined {
  return BY_ID[id];
}

/** The id of a codec, as attribute bits 0–2 carry it. */
export function compressionIdOf(type: CompressionType): number {
  return BY_ID.indexOf(type);
}
