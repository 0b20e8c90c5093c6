/**
 * KRaft: a cluster governed by a Raft quorum of controllers that speak Apache's protocol and write Apache's files.
 *
 * @packageDocumentation
 */
export type * from './journal.ts';
export * from './quorum/index.ts';
export * from './controller/index.ts';
export * from './image/index.ts';
