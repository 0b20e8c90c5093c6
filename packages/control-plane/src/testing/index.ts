/**
 * The conformance suite of control planes, and its reference: an in-memory plane that governs the brokers of one
 * process, which broker tests use too.
 *
 * @packageDocumentation
 */
export { ADMINISTRATION_APIS } from './administration.ts';
export type { ConfigCheck } from './configs.ts';
export { describeControlPlane, planeClaims } from './conformance/index.ts';
export type {
  BootedPlane,
  Claim,
  Implementation,
  PlaneTraits,
  Subject,
  TestFramework,
} from './conformance/kit.ts';
export { type LosesReply, lossyNetwork } from './conformance/lossy-network.ts';
export * from './decisions.ts';
export * from './government.ts';
export * from './placement.ts';
export * from './reference-cluster.ts';
export { ReferencePlane } from './reference-plane.ts';
