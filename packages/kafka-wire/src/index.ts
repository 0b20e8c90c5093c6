/**
 * Every Kafka 3.9 message in every version, record batches, the error table.
 *
 * @packageDocumentation
 */
export * from './records/index.ts';
