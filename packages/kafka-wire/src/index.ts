/**
 * Every Kafka 3.9 message in every version, record batches, the error table.
 *
 * @packageDocumentation
 */
export { ERRORS, type ErrorEntry, type ErrorName, errorByCode, errorByName, errorCode, errorName } from './errors.ts';
export * from './records/index.ts';
