/**
 * Group coordinators as state machines over records. They read no clock, make no I/O and draw no random numbers of their
 * own: what they need is handed in, and what must survive is a record that the host writes.
 *
 * @packageDocumentation
 */
export * from './groups/context.ts';
export * from './groups/coordinator.ts';
export * from './groups/group.ts';
export * from './groups/join.ts';
export * from './groups/member.ts';
export * from './groups/membership.ts';
export * from './groups/offsets.ts';
export * from './groups/partition-of.ts';
export * from './groups/records.ts';
export * from './groups/stored-records.ts';
