/**
 * The biquorum command.
 *
 * @packageDocumentation
 */
export {};
