/**
 * What was wrong with the bytes, or with the value to be written:
 *
 * - `underflow`: fewer bytes are there than the value needs.
 * - `overlong-varint`: a varint whose last allowed byte still asks for another.
 * - `out-of-range`: a number that the wanted type cannot hold, or a negative length.
 * - `invalid-utf8`: malformed UTF-8 where it is not to be replaced.
 * - `overflow`: the writer would grow beyond its cap.
 */
export type BytesErrorCode = 'underflow' | 'overlong-varint' | 'out-of-range' | 'invalid-utf8' | 'overflow';

/** The only error that {@link ByteReader} and {@link ByteWriter} throw for what they are given. */
export class BytesError extends Error {
  override readonly name = 'BytesError';
  readonly code: BytesErrorCode;
  /** Where the value starts that could not be read or written, in bytes. */
  readonly offset: number;
  /** How many bytes the operation needed; for `out-of-range` and `invalid-utf8` the size of the value. */
  readonly wanted: number;
  /** How many bytes there were to take, or how many the cap leaves. */
  readonly available: number;

  constructor(code: BytesErrorCode, offset: number, wanted: number, available: number, detail?: string) {
    super(`${code} at byte ${offset}: ${detail ?? `${wanted} bytes wanted, ${available} available`}`);
    this.code = code;
    this.offset = offset;
    this.wanted = wanted;
    this.available = available;
  }
}
