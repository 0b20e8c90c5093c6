declare module 'snappyjs' {
  /** One raw block, preamble included. */
  export function compress(bytes: Uint8Array): Uint8Array;
  /** @throws Error when the bytes are no raw block, or would give more than `maxLength` bytes. */
  export function uncompress(bytes: Uint8Array, maxLength?: number): Uint8Array;
}
