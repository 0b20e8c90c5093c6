import type { RequestContext } from '@biquorum/control-plane';
import type { QuorumRequest } from '../quorum/options.ts';
import type { ControllerView } from './describe-cluster.ts';
import { answerDescribeCluster, DESCRIBE_CLUSTER_KEY } from './describe-cluster.ts';
import { answerDisabled } from './disabled-apis.ts';
import { answerSasl, isSasl } from './sasl.ts';

/** A request on a controller's listener, without its header. */
export interface RoutedRequest extends QuorumRequest {
  readonly context: RequestContext;
}

/** Who serves what on a controller. */
export interface ControllerServices {
  /** The quorum's own RPCs. */
  readonly quorum: { handle(request: QuorumRequest): Promise<Uint8Array> };
  /** Everything that decides about the cluster. */
  readonly controller: { handle(request: RoutedRequest): Promise<Uint8Array> };
  /** What DescribeCluster tells. */
  readonly view: () => ControllerView;
}

/** Fetch, Vote, BeginQuorumEpoch, EndQuorumEpoch, DescribeQuorum, FetchSnapshot, Add-, Remove- and UpdateRaftVoter. */
const QUORUM_KEYS: ReadonlySet<number> = new Set([1, 52, 53, 54, 55, 59, 80, 81, 82]);

/** Gives each request to who serves it. */
export class ControllerRouter {
  readonly #services: ControllerServices;

  constructor(services: ControllerServices) {
    this.#services = services;
  }

  /** Resolves with the body of the response. @throws ProtocolError when the body of the request cannot be read */
  route(request: RoutedRequest): Promise<Uint8Array> {
    const { quorum, controller, view } = this.#services;
    const { apiKey } = request;
    if (QUORUM_KEYS.has(apiKey)) return quorum.handle(request);
    if (apiKey === DESCRIBE_CLUSTER_KEY) return Promise.resolve(answerDescribeCluster(view(), request));
    if (isSasl(apiKey)) return Promise.resolve(answerSasl(request));
    const disabled = answerDisabled(request);
    return disabled === undefined ? controller.handle(request) : Promise.resolve(disabled);
  }
}
