import { ChannelError, type ControllerChannel, type Pauses } from '@biquorum/control-plane/channel';
import { errorName } from '@biquorum/kafka-wire';
import {
  type ControlledShutdownResponse,
  controlledShutdownRequest,
  controlledShutdownResponse,
} from '@biquorum/kafka-wire/messages/controlled-shutdown';
import type { Clock } from '@biquorum/platform';

/** Who wants to go, and how patiently. */
export interface ShutdownParts {
  readonly channel: ControllerChannel;
  readonly pauses: Pauses;
  readonly clock: Clock;
  readonly brokerId: number;
  readonly brokerEpoch: () => number;
  /** `controlled.shutdown.max.retries`. */
  readonly triesMax: number;
  /** `controlled.shutdown.retry.backoff.ms`. */
  readonly backoffMs: number;
}

/** A partition by its name. */
export interface NamedPartition {
  readonly topic: string;
  readonly partition: number;
}

/**
 * Asks the controller to move what this broker leads, until nothing is left or the tries are used up.
 *
 * Source: Java `KafkaServer.controlledShutdown`.
 *
 * @returns What the controller could not move; undefined when it gave no answer.
 */
export async function shutDownControlled(
  parts: ShutdownParts,
  deadlineMs: number,
): Promise<readonly NamedPartition[] | undefined> {
  const { channel, pauses, clock, brokerId, brokerEpoch, triesMax, backoffMs } = parts;
  let left: readonly NamedPartition[] | undefined;
  for (let tries = 1; ; tries++) {
    const call = {
      request: controlledShutdownRequest,
      response: controlledShutdownResponse,
      body: () => ({ brokerId, brokerEpoch: brokerEpoch() }),
      isTransient: ({ errorCode }: ControlledShutdownResponse) => errorName(errorCode) === 'NOT_CONTROLLER',
    };
    try {
      const { errorCode, remainingPartitions } = await channel.ask(call, deadlineMs);
      if (errorCode === 0) {
        left = remainingPartitions.map(({ topicName, partitionIndex }) => ({
          topic: topicName,
          partition: partitionIndex,
        }));
        if (left.length === 0) return left;
      }
    } catch (error) {
      if (!(error instanceof ChannelError)) throw error;
    }
    const nextMs = clock.monotonicMs() + backoffMs;
    if (tries >= triesMax || nextMs >= deadlineMs) return left;
    await pauses.wait(backoffMs);
  }
}
