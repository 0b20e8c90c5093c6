import type { Action } from '@biquorum/control-plane';
import type { ErrorName, Init, MessageCodec } from '@biquorum/kafka-wire';
import type { FeatureRange } from '@biquorum/metadata';
import type { MetadataImage } from '../../image/image.ts';
import { ControllerFault, type Failure } from '../fault.ts';
import type { BrokerHeartbeats } from '../heartbeats.ts';
import type { ConfigRules } from '../options.ts';
import type { Authorize, ControllerRequest } from '../request.ts';
import type { Decision, Situation } from '../situation.ts';

/** Serves one request: body in, body out. */
export type ControllerApi = (request: ControllerRequest) => Promise<Uint8Array>;

/** The controller as its requests' handlers see it. */
export interface ApiHost {
  readonly nodeId: number;
  readonly clusterId: string;
  readonly supportedFeatures: ReadonlyMap<string, FeatureRange>;
  readonly quorumNodeIds: () => readonly number[];
  readonly kraftVersion: () => number;
  readonly deleteTopicEnable: boolean;
  readonly authorize: Authorize;
  readonly configRules: Pick<ConfigRules, 'describeConfigs'>;
  /** What is committed, for requests that only read. */
  readonly committed: () => MetadataImage;
  /**
   * Makes a decision; resolves when it is committed.
   *
   * @param onPlaced called as soon as it stands in the log, with the offset of its last record
   * @throws ControllerFault of the decision; NOT_CONTROLLER when this node is not active, or no longer
   */
  decide<T>(make: (situation: Situation) => Decision<T>, onPlaced?: (reply: T, lastOffset: number) => void): Promise<T>;
  readonly heartbeats: () => BrokerHeartbeats;
  /** To be called when a broker was heard of. */
  readonly sessionsChanged: () => void;
  /** To be called when a decision on a broker left partitions to others. */
  readonly settlePartitions: () => void;
}

/** One API: its codecs, what it does, and how it tells of a fault that concerns the whole request. */
export interface ApiDefinition<Request, Response> {
  readonly request: MessageCodec<Request>;
  readonly response: MessageCodec<Response>;
  /** What the whole request needs; checked before anything else. */
  readonly needs?: Action['operation'];
  respond(host: ApiHost, body: Request, request: ControllerRequest): Promise<Init<Response>>;
  fail(failure: Failure & { readonly code: number }, body: Request, version: number): Init<Response>;
}

/** Binds an API to a controller. */
export function bind<Request, Response>(
  host: ApiHost,
  { request: requestCodec, response, needs, respond, fail }: ApiDefinition<Request, Response>,
  codeOf: (error: ErrorName) => number,
): ControllerApi {
  return async (request) => {
    const body = requestCodec.fromBytes(request.body, request.apiVersion);
    try {
      if (needs !== undefined && !host.authorize(request.context, { operation: needs, resource: CLUSTER })) {
        throw new ControllerFault('CLUSTER_AUTHORIZATION_FAILED');
      }
      return response.toBytes(await respond(host, body, request), request.apiVersion);
    } catch (thrown) {
      if (!(thrown instanceof ControllerFault)) throw thrown;
      const { error, detail: message } = thrown;
      return response.toBytes(
        fail({ error, message, code: codeOf(error) }, body, request.apiVersion),
        request.apiVersion,
      );
    }
  };
}

/** The one resource of its type. */
export const CLUSTER: Action['resource'] = { type: 'Cluster', name: 'kafka-cluster' };
