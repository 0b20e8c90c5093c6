/** JSON whose integers are exact: a bigint wherever a number would not be. */
export type Json = null | boolean | number | bigint | string | readonly Json[] | { readonly [name: string]: Json };

/** Parses JSON without loss: Java writes 64-bit integers as numbers. */
export function parseJson(text: string): Json {
  return JSON.parse(text, exactInteger) as Json;
}

function exactInteger(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = context?.source;
  return source !== undefined && /^-?\d+$/.test(source) ? BigInt(source) : value;
}
