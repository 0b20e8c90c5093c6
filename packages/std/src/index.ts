/**
 * Asserts, PRNG, heap, timing wheel, bounded byte reader and writer, CRC-32C.
 *
 * @packageDocumentation
 */
export {};
