import { type ErrorName, errorCode, type Init, ZERO_UUID } from '@biquorum/kafka-wire';
import type { CreateTopicsResponseCreatableTopicResult } from '@biquorum/kafka-wire/messages/create-topics';
import type { NodeId, TopicId } from '@biquorum/metadata';
import type { ElectionError } from './decisions.ts';
import type { DescribedConfig } from './reference-cluster.ts';

/** What became of a wish for a topic. */
export interface CreationOutcome {
  readonly error: ErrorName;
  readonly message: string | null;
  readonly id?: TopicId;
  readonly assignment?: readonly (readonly NodeId[])[];
  readonly described?: readonly DescribedConfig[];
}

/** The outcome as a row of the answer. */
export function creationRow(
  name: string,
  mayDescribe: boolean,
  { error, message, id, assignment, described }: CreationOutcome,
): Init<CreateTopicsResponseCreatableTopicResult> {
  const row = { name, errorCode: errorCode(error), errorMessage: message, topicId: id ?? ZERO_UUID };
  if (error !== 'NONE') return row;
  // KIP-525: who may not see configurations gets neither them nor the counts.
  if (!mayDescribe) return { ...row, topicConfigErrorCode: errorCode('TOPIC_AUTHORIZATION_FAILED'), configs: null };
  return {
    ...row,
    numPartitions: assignment?.length ?? -1,
    replicationFactor: assignment?.[0]?.length ?? -1,
    configs: described?.map((config) => ({ ...config })) ?? [],
  };
}

/** The settings as rows of a topic's own. */
export function asSet(values: ReadonlyMap<string, string>): DescribedConfig[] {
  return [...values].map(([name, value]) => ({ name, value, readOnly: false, configSource: 1, isSensitive: false }));
}

/** Why an election changed nothing, in words. */
export function electionMessage(error: ElectionError, partition: string): string {
  switch (error) {
    case 'UNKNOWN_TOPIC_OR_PARTITION':
      return `there is no partition ${partition}`;
    case 'ELECTION_NOT_NEEDED':
      return `${partition} has such a leader already`;
    case 'PREFERRED_LEADER_NOT_AVAILABLE':
      return `the preferred leader of ${partition} is not in sync or not live`;
    case 'ELIGIBLE_LEADERS_NOT_AVAILABLE':
      return `no replica of ${partition} is live`;
  }
}
