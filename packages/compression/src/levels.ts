/** The levels of one codec, as `compression.<codec>.level` allows them (KIP-390). */
export interface CompressionLevels {
  readonly min: number;
  readonly max: number;
  readonly default: number;
}

/** The levels of the codecs that have them. Source: `org.apache.kafka.common.record.CompressionType`. */
export const COMPRESSION_LEVELS: { readonly [Type in 'gzip' | 'lz4' | 'zstd']: CompressionLevels } = {
  gzip: { min: 1, max: 9, default: -1 },
  lz4: { min: 1, max: 17, default: 9 },
  zstd: { min: -131072, max: 22, default: 3 },
};

/** Whether `compression.<codec>.level` may have this value: an integer in the range, or the default. */
export function isCompressionLevel(type: 'gzip' | 'lz4' | 'zstd', level: number): boolean {
  const levels = COMPRESSION_LEVELS[type];
  return Number.isInteger(level) && ((level >= levels.min && level <= levels.max) || level === levels.default);
}
