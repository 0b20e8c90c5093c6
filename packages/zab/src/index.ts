/**
 * ZooKeeper's atomic broadcast as a pure engine on the contract of `@biquorum/consensus`: fast leader election,
 * discovery, synchronisation (DIFF, TRUNC, SNAP), broadcast over ordered links, observers.
 *
 * @packageDocumentation
 */
export * from './messages.ts';
export { DEFAULT_OPTIONS, type VerifierChoice, type ZabOptions } from './options.ts';
export { COUNTER_MAX, counterOf, epochOf, follows, showZxid, zxidBefore, zxidOf } from './zxid.ts';
