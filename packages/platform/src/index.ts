/**
 * The ports through which Biquorum touches the outside: types, a Node implementation, an in-memory one.
 *
 * @packageDocumentation
 */
export {};
