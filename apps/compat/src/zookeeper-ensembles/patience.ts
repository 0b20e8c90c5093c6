import { createNodePorts } from '@biquorum/platform/node';
import { type CreateOptions, ZooKeeperClient, ZooKeeperError } from '@biquorum/zookeeper-client';
import { until } from '../mixed-cluster/until.ts';

/** No piece of work takes longer: a client waits for a server for as long as it takes. */
const WORK_MS = 60_000;

/** Does some work with clients of its own, again and again until it goes through: leaders change at any time. */
export async function patiently<Result>(
  what: string,
  connect: string,
  work: (client: ZooKeeperClient) => Promise<Result>,
): Promise<Result> {
  const { result } = await until(what, async () => ({ result: await withClient(connect, work) }));
  return result;
}

/** Does some work with a client of its own. @throws {Error} also when that takes too long */
export async function withClient<Result>(
  connect: string,
  work: (client: ZooKeeperClient) => Promise<Result>,
): Promise<Result> {
  const client = new ZooKeeperClient({ connect, ports: createNodePorts() });
  try {
    const result = await inTime(work(client));
    await inTime(client.close());
    return result;
  } finally {
    client.abandon();
  }
}

/** @throws {Error} when the work takes too long */
export async function inTime<Result>(work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${WORK_MS} ms`)), WORK_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
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
