import { createNodePorts } from '@biquorum/platform/node';
import { type CreateOptions, ZooKeeperClient, ZooKeeperError } from '@biquorum/zookeeper-client';
import { until } from '../mixed-cluster/until.ts';

/** Does some work with a client of its own, again and again until it goes through: leaders change at any time. */
export async function patiently<Result>(
  what: string,
  connect: string,
  work: (client: ZooKeeperClient) => Promise<Result>,
): Promise<Result> {
  await using client = new ZooKeeperClient({ connect, ports: createNodePorts() });
  const { result } = await until(what, async () => ({ result: await work(client) }));
  return result;
}

/** Creates a node. Somebody whose answer was lost may have done so before. */
export async function ensure(
  client: ZooKeeperClient,
  path: string,
  data: Uint8Array | null = null,
  options?: CreateOptions,
): Promise<void> {
  try {
    await client.create(path, data, options);
  } catch (error) {
    if (!(error instanceof ZooKeeperError && error.code === 'NodeExists')) throw error;
  }
}
