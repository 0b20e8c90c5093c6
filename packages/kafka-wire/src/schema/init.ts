import type { Payload } from '@biquorum/std';

/**
 * What may be given to encode a `T`: whatever is left out takes its default. Bytes may also be a `Payload` of `std`, which
 * is written by reference; numbers may stand in any array-like thing; a bigint may be a safe number.
 */
export type Init<T> = T extends string | number | boolean | null | undefined
  ? T
  : T extends bigint
    ? bigint | number
    : T extends Uint8Array
      ? Uint8Array | Payload
      : T extends readonly (infer Element)[]
        ? Element extends number
          ? ArrayLike<number>
          : readonly Init<Element>[]
        : { readonly [Key in keyof T]?: Init<T[Key]> | undefined };
