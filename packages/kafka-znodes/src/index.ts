/**
 * Paths and data of Kafka's znodes.
 *
 * @packageDocumentation
 */
export * from './paths.ts';
