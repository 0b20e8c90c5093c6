import type { ClusterDelta, ClusterView } from '@biquorum/metadata';
import type { BrokerIdentity } from './identity.ts';
import type { ReplicaChange, ReplicaOutcome } from './replicas.ts';
import type { Action, RequestContext } from './requests.ts';

/** The whole of a broker that a plane can reach. */
export interface BrokerHost {
  readonly identity: BrokerIdentity;

  /**
   * Hands over the next view, after the one that `open` resolved with. Synchronous, in order, one at a time. Neither
   * this nor `assign` may rely on the other's order: in ZooKeeper mode no offset relates them. The delta names all that
   * differs from the view before. When this throws, the plane hands over nothing more and calls `halt` with `fault`.
   */
  publish(delta: ClusterDelta, view: ClusterView): void;

  /**
   * Makes local replicas lead, follow, stop or vanish. Not called before `enlist`: until then logs are not recovered.
   * Never two calls in flight, and a partition stands at most once in a call. Resolves with one outcome per change when
   * roles are switched and logs are created or renamed away; coordinators go on loading afterwards. When this rejects,
   * the plane calls `halt` with `fault`.
   */
  assign(changes: readonly ReplicaChange[]): Promise<readonly ReplicaOutcome[]>;

  /** The broker's one authorizer, for a plane whose mode authorises here. */
  authorize(context: RequestContext, action: Action): boolean;

  /** The plane cannot go on: the broker stops in order, with this reason. Called at most once. */
  halt(reason: PlaneFault): void;
}

/** Why a plane gives up. */
export interface PlaneFault {
  readonly code:
    | 'id-taken'
    | 'cluster-mismatch'
    | 'features-incompatible'
    | 'registration-refused'
    | 'unreachable'
    | 'fault';
  /** Names the thing, the value and the remedy. */
  readonly message: string;
}

/** Thrown by `open` and `enlist` when the broker cannot become a member. */
export class PlaneError extends Error {
  override readonly name: string = 'PlaneError';
  readonly fault: PlaneFault;

  constructor(fault: PlaneFault) {
    super(fault.message);
    this.fault = fault;
  }
}
