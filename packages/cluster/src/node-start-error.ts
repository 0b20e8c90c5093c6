import type { PlaneFault } from '@biquorum/control-plane';

/** A node in a process of its own did not come up; the message says which, and why. */
export class NodeStartError extends Error {
  override readonly name: string = 'NodeStartError';
  /** Of the plane's fault, if that is what it was. */
  readonly code: PlaneFault['code'] | undefined;

  constructor(message: string, code?: PlaneFault['code']) {
    super(message);
    this.code = code;
  }
}
