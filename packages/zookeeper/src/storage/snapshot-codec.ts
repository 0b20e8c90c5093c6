import { gzipCodec, snappyCodec } from '@biquorum/compression';
import type { SnapshotCompression } from './file-names.ts';

/** How the bytes of a snapshot lie in its file. */
export interface SnapshotCodec {
  /** A piece of a file: pieces may follow each other in any number, as members of gzip and streams of Snappy do. */
  compress(bytes: Uint8Array): Uint8Array;
  /** A whole file. @throws CompressionError when it is damaged, or holds more than `bytesMax`. */
  decompress(bytes: Uint8Array, bytesMax: number): Uint8Array;
}

/** Null where the bytes lie as they are. Source: Java `SnapStream`. */
export function snapshotCodec(compression: SnapshotCompression): SnapshotCodec | null {
  switch (compression) {
    case 'none':
      return null;
    case 'gz':
      return gzipCodec();
    case 'snappy':
      return snappyCodec();
  }
}
