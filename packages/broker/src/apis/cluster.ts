import { errorCode, type Init } from '@biquorum/kafka-wire';
import type { DescribeClusterRequest, DescribeClusterResponse } from '@biquorum/kafka-wire/messages/describe-cluster';
import type {
  DescribeLogDirsRequest,
  DescribeLogDirsResponse,
  DescribeLogDirsResponseDescribeLogDirsTopic,
} from '@biquorum/kafka-wire/messages/describe-log-dirs';
import type { ApiRequest } from './core.ts';
import { brokersOn, NOT_ASKED } from './metadata.ts';

const ENDPOINT_BROKERS = 1;
const ENDPOINT_CONTROLLERS = 2;

export function handleDescribeCluster({
  core,
  body,
  context,
}: ApiRequest<DescribeClusterRequest>): Init<DescribeClusterResponse> {
  if (body.endpointType !== ENDPOINT_BROKERS) {
    const error = body.endpointType === ENDPOINT_CONTROLLERS ? 'MISMATCHED_ENDPOINT_TYPE' : 'UNSUPPORTED_ENDPOINT_TYPE';
    return { errorCode: errorCode(error), errorMessage: 'this is the listener of a broker; ask for brokers' };
  }
  const view = core.view();
  return {
    endpointType: ENDPOINT_BROKERS,
    clusterId: view.clusterId,
    controllerId: view.controllerForClients((n) => core.ports.random.uint32() % n),
    brokers: brokersOn(view, context.listener).map(({ nodeId, ...rest }) => ({ brokerId: nodeId, ...rest })),
    clusterAuthorizedOperations: NOT_ASKED,
  };
}

/** What lies in which directory, and how much room there is. */
export async function handleDescribeLogDirs({
  core,
  body,
}: ApiRequest<DescribeLogDirsRequest>): Promise<Init<DescribeLogDirsResponse>> {
  const wanted =
    body.topics === null ? null : new Map(body.topics.map(({ topic, partitions }) => [topic, new Set(partitions)]));
  const results = await Promise.all(
    core.logs.directories.map(async ({ path }) => {
      const topics = new Map<string, Init<DescribeLogDirsResponseDescribeLogDirsTopic['partitions'][number]>[]>();
      for (const log of core.logs.logs()) {
        const { topic, partition } = log.partition;
        if (!log.directory.startsWith(`${path}/`)) continue;
        if (wanted !== null && wanted.get(topic)?.has(partition) !== true) continue;
        const rows = topics.get(topic) ?? [];
        topics.set(topic, rows);
        const replica = core.replicas.find(topic, partition);
        // A follower's lag is the leader's to know; what it knows itself is how far it is behind the high watermark.
        const offsetLag = replica === undefined ? 0 : Math.max(0, replica.highWatermark - log.endOffset);
        rows.push({ partitionIndex: partition, partitionSize: log.byteLength, offsetLag, isFutureKey: false });
      }
      const { totalBytes, availableBytes: usableBytes } = await core.ports.disk.space(path);
      const rows = [...topics].map(([name, partitions]) => ({ name, partitions }));
      return { errorCode: 0, logDir: path, topics: rows, totalBytes, usableBytes };
    }),
  );
  return { errorCode: 0, results };
}
