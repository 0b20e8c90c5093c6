import { errorCode, type Init } from '@biquorum/kafka-wire';
import {
  type DescribeUserScramCredentialsResponse,
  type DescribeUserScramCredentialsResponseDescribeUserScramCredentialsResult,
  describeUserScramCredentialsRequest,
  describeUserScramCredentialsResponse,
} from '@biquorum/kafka-wire/messages/describe-user-scram-credentials';
import { SCRAM_MECHANISMS } from '@biquorum/metadata';
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
  const names = asked.length > 0 ? asked : [...image.scram.values()].map(({ name }) => name);
  const isTwice = (user: string): boolean => asked.indexOf(user) !== asked.lastIndexOf(user);
  return respond({ results: [...new Set(names)].map((user) => rowOf(image, user, isTwice(user))) });
}

type Row = Init<DescribeUserScramCredentialsResponseDescribeUserScramCredentialsResult>;

function rowOf({ scram }: Pick<MetadataImage, 'scram'>, user: string, isTwice: boolean): Row {
  if (isTwice) {
    const errorMessage = `Cannot describe SCRAM credentials for the same user twice in a single request: ${user}`;
    return { user, errorCode: errorCode('DUPLICATE_RESOURCE'), errorMessage };
  }
  const credentialInfos = SCRAM_MECHANISMS.flatMap(({ code: mechanism }) => {
    const credential = scram.get(scramKey(mechanism, user));
    return credential === undefined ? [] : [{ mechanism, iterations: credential.iterations }];
  });
  if (credentialInfos.length > 0) return { user, credentialInfos };
  const errorMessage = `Attempt to describe a user credential that does not exist: ${user}`;
  return { user, errorCode: errorCode('RESOURCE_NOT_FOUND'), errorMessage };
}
