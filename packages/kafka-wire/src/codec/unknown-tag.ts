/** A tagged field that our tables do not know: kept when decoded, and written back in its place. */
export interface UnknownTag {
  readonly tag: number;
  /** The field's bytes, as a view into the frame when decoded. */
  readonly data: Uint8Array;
}
