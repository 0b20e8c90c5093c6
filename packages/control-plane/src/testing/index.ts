/**
 * An in-memory plane that governs the brokers of one process: the reference of the conformance suite, and what broker
 * tests use.
 *
 * @packageDocumentation
 */
export * from './government.ts';
export * from './placement.ts';
