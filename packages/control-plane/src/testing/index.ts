/**
 * An in-memory plane that governs the brokers of one process: the reference of the conformance suite, and what broker
 * tests use.
 *
 * @packageDocumentation
 */
export { ADMINISTRATION_APIS } from './administration.ts';
export type { ConfigCheck } from './configs.ts';
export * from './government.ts';
export * from './placement.ts';
export * from './reference-cluster.ts';
export { ReferencePlane } from './reference-plane.ts';
