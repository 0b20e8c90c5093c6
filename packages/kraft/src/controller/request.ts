import type { Action, RequestContext } from '@biquorum/control-plane';

/** A request to a controller, as its listener received it or unwrapped from an Envelope. */
export interface ControllerRequest {
  readonly apiKey: number;
  readonly apiVersion: number;
  /** The request's body without its header, in `apiVersion`. */
  readonly body: Uint8Array;
  /** Who asks: behind an Envelope the client, not the broker that forwarded it. */
  readonly context: RequestContext;
}

/** May whoever made the request do this. */
export type Authorize = (context: RequestContext, action: Action) => boolean;
