// Source: "LZ4 Frame Format Description", 1.6.4.

/** First four bytes of a frame, little-endian. */
export const FRAME_MAGIC = 0x184d_2204;

/** Flag: blocks do not refer back to earlier ones. */
export const BLOCK_INDEPENDENCE = 0x20;
/** Flag: each block is followed by its checksum. */
export const BLOCK_CHECKSUM = 0x10;
/** Flag: the header states the size of the content. */
export const CONTENT_SIZE = 0x08;
/** Flag: the frame ends with a checksum of the content. */
export const CONTENT_CHECKSUM = 0x04;
/** Flag: the header names a dictionary. */
export const DICTIONARY_ID = 0x01;

/** Bits 6 and 7 of the flags: the only version there is. */
export const FRAME_VERSION = 0x40;
export const FRAME_VERSION_MASK = 0xc0;
/** Bits that have no meaning and must be 0. */
export const FLAGS_RESERVED = 0x02;
export const DESCRIPTOR_RESERVED = 0x8f;

/** Set in the size of a block that is stored as it is. */
export const STORED = 0x8000_0000;

/** Size that stands where a block would and ends the frame. */
export const END_MARK = 0;

/**
 * The header that Java's client writes: independent blocks of 64 KiB, no checksums but that of these two bytes, 0x82.
 */
export const FRAME_HEADER: Uint8Array = Uint8Array.of(
  0x04,
  0x22,
  0x4d,
  0x18,
  FRAME_VERSION | BLOCK_INDEPENDENCE,
  0x40,
  0x82,
);

/** Bytes that a block with this code holds at most: 64 KiB, 256 KiB, 1 MiB, 4 MiB; undefined for other codes. */
export function blockSizeMaxOf(code: number): number | undefined {
  return code >= 4 && code <= 7 ? 1 << (8 + 2 * code) : undefined;
}
