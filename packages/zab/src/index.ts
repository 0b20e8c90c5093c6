/**
 * ZooKeeper's atomic broadcast as a pure engine on the contract of `@biquorum/consensus`: fast leader election,
 * discovery, synchronisation (DIFF, TRUNC, SNAP), broadcast over ordered links, observers.
 *
 * @packageDocumentation
 */
export { zab } from './kind.ts';
export * from './messages.ts';
export { DEFAULT_OPTIONS, type VerifierChoice, type ZabOptions } from './options.ts';
export { ELECTION, LEARNER, PING } from './outbox.ts';
export { keepsOutside } from './states/outside.ts';
export type { Phase } from './states/role.ts';
export { ZabEngine, type ZabView } from './zab.ts';
export {
  COUNTER_MAX,
  counterOf,
  cutAfter,
  EPOCH_MAX,
  epochOf,
  follows,
  isTransaction,
  jumpTo,
  showZxid,
  zxidBefore,
  zxidOf,
} from './zxid.ts';
