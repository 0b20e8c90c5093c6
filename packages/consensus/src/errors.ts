import type { Capabilities, EngineKind, NodeId, Refusal } from './contract.ts';

/** A setting is out of its range, or settings contradict each other. */
export class EngineConfigError extends Error {
  override readonly name = 'EngineConfigError';
}

/** The engine does not declare a capability that was asked for. */
export class CapabilityError extends Error {
  override readonly name = 'CapabilityError';
  readonly engine: string;
  readonly capability: keyof Capabilities;

  constructor(engine: string, capability: keyof Capabilities) {
    super(`engine ${engine} does not declare ${capability}; choose an engine that does or do without`);
    this.engine = engine;
    this.capability = capability;
  }
}

/** A proposal, read or command was refused, or its fate is unknown. */
export class ReplicaError extends Error {
  override readonly name = 'ReplicaError';
  /** `unknown`: it may or may not have happened. `stopped`: the replica was closed. */
  readonly code: Refusal | 'unknown' | 'stopped';
  /** Whom to ask instead; −1 when not known. */
  readonly leader: NodeId;

  constructor(code: Refusal | 'unknown' | 'stopped', leader: NodeId) {
    super(`${EXPLANATION[code]}${leader >= 0 ? `; the leader is ${leader}` : ''}`);
    this.code = code;
    this.leader = leader;
  }
}

/**
 * Checks at construction that an engine declares what its user is going to ask for.
 *
 * @throws CapabilityError naming the first capability that is missing.
 */
export function requireCapabilities(
  kind: Pick<EngineKind<never, never>, 'name' | 'capabilities'>,
  needed: readonly (keyof Capabilities)[],
): void {
  for (const capability of needed) {
    if (!kind.capabilities[capability]) throw new CapabilityError(kind.name, capability);
  }
}

const EXPLANATION: Record<Refusal | 'unknown' | 'stopped', string> = {
  notLeader: 'this member does not lead; ask the leader',
  busy: 'too much is waiting to be committed; try again later',
  tooLarge: 'the proposal is larger than the engine accepts; split it',
  transferring: 'leadership is being handed over; ask the next leader',
  changePending: 'an earlier voter change or the start of the epoch is not committed yet; try again',
  alreadyVoter: 'the member is a voter already',
  notVoter: 'the member is not a voter',
  lastVoter: 'the last voter cannot be removed',
  notCaughtUp: 'the member has not caught up with the log yet; try again once it has',
  timedOut: 'it did not finish in time',
  unsupported: 'the engine does not declare this capability',
  unknown: 'leadership was lost; it may or may not have happened',
  stopped: 'the replica was stopped',
};
