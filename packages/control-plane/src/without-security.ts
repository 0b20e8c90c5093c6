import { type ErrorName, errorCode } from '@biquorum/kafka-wire';
import { createAclsRequest, createAclsResponse } from '@biquorum/kafka-wire/messages/create-acls';
import { createDelegationTokenResponse } from '@biquorum/kafka-wire/messages/create-delegation-token';
import { deleteAclsRequest, deleteAclsResponse } from '@biquorum/kafka-wire/messages/delete-acls';
import { describeAclsResponse } from '@biquorum/kafka-wire/messages/describe-acls';
import { describeDelegationTokenResponse } from '@biquorum/kafka-wire/messages/describe-delegation-token';
import { expireDelegationTokenResponse } from '@biquorum/kafka-wire/messages/expire-delegation-token';
import { renewDelegationTokenResponse } from '@biquorum/kafka-wire/messages/renew-delegation-token';
import { ByteReader } from '@biquorum/std';

/** How a node of some kind says that there is neither an authorizer nor delegation tokens. */
export interface MissingSecurity {
  /** Beside `SECURITY_DISABLED`. */
  readonly noAuthorizer: string;
  readonly noTokens: ErrorName;
}

/**
 * Answers requests about ACLs (29–31) and delegation tokens (38–41) as a node of 3.9 that has none of them.
 *
 * @param body of the request, without its header
 * @returns the response's body; undefined for all other keys
 * @throws ProtocolError when the request cannot be read
 */
export function answerWithoutSecurity(
  apiKey: number,
  apiVersion: number,
  body: Uint8Array,
  { noAuthorizer, noTokens }: MissingSecurity,
): Uint8Array | undefined {
  const noAcls = { errorCode: errorCode('SECURITY_DISABLED'), errorMessage: noAuthorizer };
  const noToken = { errorCode: errorCode(noTokens) };
  switch (apiKey) {
    case 29:
      return describeAclsResponse.toBytes(noAcls, apiVersion);
    case 30: {
      const { creations } = createAclsRequest.decode(new ByteReader(body), apiVersion);
      return createAclsResponse.toBytes({ results: creations.map(() => noAcls) }, apiVersion);
    }
    case 31: {
      const { filters } = deleteAclsRequest.decode(new ByteReader(body), apiVersion);
      return deleteAclsResponse.toBytes({ filterResults: filters.map(() => noAcls) }, apiVersion);
    }
    case 38:
      return createDelegationTokenResponse.toBytes(noToken, apiVersion);
    case 39:
      return renewDelegationTokenResponse.toBytes(noToken, apiVersion);
    case 40:
      return expireDelegationTokenResponse.toBytes(noToken, apiVersion);
    case 41:
      return describeDelegationTokenResponse.toBytes(noToken, apiVersion);
    default:
      return undefined;
  }
}
