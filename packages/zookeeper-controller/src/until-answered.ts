import { type ZooKeeperClient, ZooKeeperError } from '@biquorum/zookeeper-client';

/**
 * Asks again after each lost connection until there is an answer or the session is over. What is asked must bear to be
 * asked twice: a write that is repeated may find its own effect.
 *
 * Source: Java `KafkaZkClient.retryRequestsUntilConnected`.
 *
 * @throws ZooKeeperError any other than ConnectionLoss
 */
export async function untilAnswered<Answer>(session: ZooKeeperClient, ask: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!hasCode(error, 'ConnectionLoss')) throw error;
      await session.untilConnected();
    }
  }
}

/** Is it this error of ZooKeeper? */
export function hasCode(error: unknown, code: ZooKeeperError['code']): error is ZooKeeperError {
  return error instanceof ZooKeeperError && error.code === code;
}

/** What `work` resolves with, or undefined when there is no such node. */
export async function unlessMissing<Answer>(work: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await work;
  } catch (error) {
    if (hasCode(error, 'NoNode')) return undefined;
    throw error;
  }
}
