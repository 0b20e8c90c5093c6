import { errorCode, type Init } from '@biquorum/kafka-wire';
import {
  type DescribeClusterResponse,
  describeClusterRequest,
  describeClusterResponse,
} from '@biquorum/kafka-wire/messages/describe-cluster';
import { ByteReader } from '@biquorum/std';
import type { ControllerRegistration } from '../image/registrations.ts';
import type { QuorumRequest } from '../quorum/options.ts';

/** Key of DescribeCluster. */
export const DESCRIBE_CLUSTER_KEY = 60;
/** What a caller may do with the cluster when nothing is forbidden: Kafka's bits of `AclEntry` for the cluster resource. */
const ALL_OPERATIONS = 8096;
const NOT_ASKED = -2_147_483_648;
const BROKERS = 1;
const CONTROLLERS = 2;

/** What a controller knows of the controllers. */
export interface ControllerView {
  readonly clusterId: string;
  /** Id of the active controller; −1 when none is known. */
  readonly activeController: number;
  readonly controllers: Iterable<ControllerRegistration>;
}

/** Answers DescribeCluster on a controller's listener (KIP-919). Source: Java `ControllerApis.handleDescribeCluster`. */
export function answerDescribeCluster(
  view: ControllerView,
  request: QuorumRequest & { readonly context: { readonly listener: string } },
): Uint8Array {
  const { apiVersion, body, context } = request;
  const { endpointType, includeClusterAuthorizedOperations } = describeClusterRequest.decode(
    new ByteReader(body),
    apiVersion,
  );
  const respond = (response: Init<DescribeClusterResponse>): Uint8Array =>
    describeClusterResponse.toBytes(response, apiVersion);
  if (endpointType === BROKERS) {
    return respond({
      errorCode: errorCode(apiVersion === 0 ? 'INVALID_REQUEST' : 'MISMATCHED_ENDPOINT_TYPE'),
      errorMessage: 'The request was sent to an endpoint of type CONTROLLER, but we wanted an endpoint of type BROKER',
    });
  }
  if (endpointType !== CONTROLLERS) {
    return respond({
      errorCode: errorCode('UNSUPPORTED_ENDPOINT_TYPE'),
      errorMessage: `Unsupported endpoint type ${endpointType}`,
    });
  }
  const brokers = [...view.controllers].flatMap(({ id, endpoints }) => {
    const endpoint = endpoints.find(({ listener }) => listener === context.listener);
    return endpoint === undefined ? [] : [{ brokerId: id, host: endpoint.host, port: endpoint.port, rack: null }];
  });
  return respond({
    endpointType: CONTROLLERS,
    clusterId: view.clusterId,
    controllerId: view.activeController,
    brokers: brokers.sort((a, b) => a.brokerId - b.brokerId),
    clusterAuthorizedOperations: includeClusterAuthorizedOperations ? ALL_OPERATIONS : NOT_ASKED,
  });
}
