/**
 * Kafka's compression codecs behind one bounded interface.
 *
 * @packageDocumentation
 */
export {};
