import { errorCode, type Init } from '@biquorum/kafka-wire';
import {
  type DescribeUserScramCredentialsResponse,
  type DescribeUserScramCredentialsResponseDescribeUserScramCredentialsResult,
  describeUserScramCredentialsRequest,
  describeUserScramCredentialsResponse,
} from '@biquorum/kafka-wire/messages/describe-user-scram-credentials';
import { describeScram, SCRAM_MECHANISMS, type ScramDescription } from '@biquorum/metadata';
import { type MetadataImage, scramKey } from '../image/image.ts';

/** Key of DescribeUserScramCredentials, which brokers answer by what they have seen of the metadata log. */
export const DESCRIBE_SCRAM_KEY = 50;

/**
 * Tells which users have passwords, by which mechanisms, and nothing of the passwords (KIP-554).
 *
 * Source: Java `ScramImage.describe`, `KafkaApis.handleDescribeUserScramCredentialsRequest` of 3.9.
 *
 * @param image undefined for whoever may not know
 * @returns the response's body
 * @throws ProtocolError when the request's cannot be read
 */
export function describeScramCredentials(
  image: Pick<MetadataImage, 'scram'> | undefined,
  apiVersion: number,
  body: Uint8Array,
): Uint8Array {
  const { users } = describeUserScramCredentialsRequest.fromBytes(body, apiVersion);
  const respond = (response: Init<DescribeUserScramCredentialsResponse>): Uint8Array =>
    describeUserScramCredentialsResponse.toBytes(response, apiVersion);
  const asked = (users ?? []).map(({ name }) => name);
  if (image === undefined) {
    const refusal = { errorCode: errorCode('CLUSTER_AUTHORIZATION_FAILED'), errorMessage: null };
    return respond({ ...refusal, results: asked.map(() => refusal) });
  }
  const all = [...image.scram.values()].map(({ name }) => name);
  const rows = describeScram(asked, all, (user) =>
    SCRAM_MECHANISMS.flatMap(({ code: mechanism }) => {
      const credential = image.scram.get(scramKey(mechanism, user));
      return credential === undefined ? [] : [{ mechanism, iterations: credential.iterations }];
    }),
  );
  return respond({ results: rows.map(rowOf) });
}

function rowOf(row: ScramDescription): Init<DescribeUserScramCredentialsResponseDescribeUserScramCredentialsResult> {
  const { user } = row;
  if ('infos' in row) return { user, credentialInfos: [...row.infos] };
  return { user, errorCode: errorCode(row.fault.error), errorMessage: row.fault.message };
}
