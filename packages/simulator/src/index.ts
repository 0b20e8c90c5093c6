/**
 * Deterministic simulation of consensus clusters: one seed, one event queue, faults in families, invariants after each
 * event, liveness after healing, and a linearizability checker for what clients saw.
 *
 * @packageDocumentation
 */
export { SafetyChecker } from './checkers.ts';
export { drawFamilies, FAMILIES, type Family } from './families.ts';
export { HistoryRecorder, type Operation } from './history.ts';
export { checkByKey, checkLinearizability, type Model, type Verdict } from './linearizability.ts';
export { type RegisterInput, type RegisterOutput, registerModel } from './register.ts';
export { type FamilyResult, shrinkFamilies } from './shrink.ts';
export { type SimulationOptions, type SimulationResult, simulate } from './simulation.ts';
export { Violation } from './violation.ts';
