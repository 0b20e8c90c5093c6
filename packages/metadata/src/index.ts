/**
 * The cluster as its brokers see it, and the decisions that both kinds of government make in the same way.
 *
 * Everything here is a pure function or an immutable value. What the modes share, they share with an explicit policy
 * argument; what only one of them does (placement, epoch rules, deletion, reassignment) lives with that mode.
 *
 * @packageDocumentation
 */
export * from './brokers.ts';
export * from './delta.ts';
export * from './draft.ts';
export * from './ids.ts';
export * from './isr.ts';
export * from './isr-change.ts';
export * from './leader-choice.ts';
export * from './persistent-map.ts';
export * from './scram.ts';
export * from './topics.ts';
export * from './validation.ts';
export * from './view.ts';
