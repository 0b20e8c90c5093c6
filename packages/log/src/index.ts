/**
 * A partition's log in Apache Kafka's file formats.
 *
 * @packageDocumentation
 */
export {};
