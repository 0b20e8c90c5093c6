import type { CompressionCodecs } from '../records/index.ts';

/** What the keys and values of records hold, and so how they are shown. */
export type RecordContent =
  /** Text where it is printable, hexadecimal digits otherwise. */
  | 'any'
  /** Records of `__cluster_metadata` and its snapshots. */
  | 'metadata'
  /** Records of `__consumer_offsets`. */
  | 'consumer-offsets'
  /** Records of `__transaction_state`. */
  | 'transaction-state';

/** How much is shown. Whatever is given, the text stays in proportion to these limits and not to the bytes. */
export interface DumpOptions {
  /** The most bytes of a field of bytes, and characters of a string, that are shown; 64 by default. */
  readonly bytesMax?: number;
  /** The most elements of an array, batches of records and records of a batch; 100 by default. */
  readonly elementsMax?: number;
  /** The most lines in all; 10,000 by default. */
  readonly linesMax?: number;
  /** Whether batches are followed by their records; not so by default. */
  readonly records?: boolean;
  /** What the records hold; `any` by default. Control records are understood in any case. */
  readonly content?: RecordContent;
  /** What compressed records are opened with; without it they stay closed. */
  readonly codecs?: CompressionCodecs;
  /** The most bytes that the records of a batch may have once decompressed; 16 MiB by default. */
  readonly decompressedBytesMax?: number;
}

/** Options with nothing left out. */
export type Limits = Required<DumpOptions>;

export function limitsOf(options: DumpOptions): Limits {
  return {
    bytesMax: 64,
    elementsMax: 100,
    linesMax: 10_000,
    records: false,
    content: 'any',
    codecs: {},
    decompressedBytesMax: 16 * 1024 * 1024,
    ...options,
  };
}
