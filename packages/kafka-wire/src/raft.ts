/**
 * What the metadata quorum writes for itself: values of control records, snapshot header and footer, quorum state.
 *
 * @packageDocumentation
 */
export * from './generated/raft/index.ts';
