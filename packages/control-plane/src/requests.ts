import type { SecurityProtocol } from '@biquorum/metadata';

/** Who a client is. `User:ANONYMOUS` on listeners without authentication. */
export interface Principal {
  readonly type: string;
  readonly name: string;
}

/** Where a request came from. */
export interface RequestContext {
  readonly listener: string;
  readonly securityProtocol: SecurityProtocol;
  readonly principal: Principal;
  readonly clientAddress: string;
  readonly clientId: string | null;
}

/** What somebody wants to do to something; names as in Kafka's ACLs. */
export interface Action {
  readonly operation:
    | 'Read'
    | 'Write'
    | 'Create'
    | 'Delete'
    | 'Alter'
    | 'Describe'
    | 'ClusterAction'
    | 'DescribeConfigs'
    | 'AlterConfigs'
    | 'IdempotentWrite';
  readonly resource: { readonly type: 'Topic' | 'Group' | 'Cluster' | 'TransactionalId'; readonly name: string };
}

/** A request with its original bytes, so that a plane can forward it unchanged. */
export interface PlaneRequest {
  readonly context: RequestContext;
  readonly apiKey: number;
  readonly apiVersion: number;
  readonly correlationId: number;
  /** Header and body without the size prefix; the plane's until the reply. */
  readonly frame: Uint8Array;
  /** Where the body begins in `frame`. */
  readonly bodyOffset: number;
}

/** The response's body in the version of the request; or `close` to drop the connection, as Kafka does in such a case. */
export type PlaneReply =
  | { readonly kind: 'body'; readonly body: Uint8Array }
  | { readonly kind: 'close'; readonly reason: string };
