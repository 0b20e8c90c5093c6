import type { PlaneFault } from '@biquorum/control-plane';

/** Why a node did not start, where that is known: the plane's fault, or a port that somebody else has. */
export type StartFault = PlaneFault['code'] | 'address-in-use' | 'interrupted';

/** A node did not come up; the message says which, and why. */
export class NodeStartError extends Error {
  override readonly name: string = 'NodeStartError';
  readonly code: StartFault | undefined;

  constructor(message: string, code?: StartFault) {
    super(message);
    this.code = code;
  }
}
