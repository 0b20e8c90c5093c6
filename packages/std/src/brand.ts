declare const brand: unique symbol;

/**
 * A `T` that the compiler keeps apart from every other `T`: `type Offset = Brand<number, 'Offset'>`. Costs nothing at
 * run time. A branded value goes wherever a plain `T` is wanted; the way back is a cast where the value is born.
 */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };
