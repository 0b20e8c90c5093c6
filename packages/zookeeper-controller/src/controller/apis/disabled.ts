import type { PlaneRequest } from '@biquorum/control-plane';
import { type ErrorName, errorCode } from '@biquorum/kafka-wire';
import { createAclsRequest, createAclsResponse } from '@biquorum/kafka-wire/messages/create-acls';
import { createDelegationTokenResponse } from '@biquorum/kafka-wire/messages/create-delegation-token';
import { deleteAclsRequest, deleteAclsResponse } from '@biquorum/kafka-wire/messages/delete-acls';
import { describeAclsResponse } from '@biquorum/kafka-wire/messages/describe-acls';
import { describeDelegationTokenResponse } from '@biquorum/kafka-wire/messages/describe-delegation-token';
import { envelopeResponse } from '@biquorum/kafka-wire/messages/envelope';
import { expireDelegationTokenResponse } from '@biquorum/kafka-wire/messages/expire-delegation-token';
import { renewDelegationTokenResponse } from '@biquorum/kafka-wire/messages/renew-delegation-token';
import { ByteReader } from '@biquorum/std';

const NO_AUTHORIZER = {
  errorCode: errorCode('SECURITY_DISABLED'),
  errorMessage: 'No Authorizer is configured on the broker',
};
const NO_TOKENS: ErrorName = 'DELEGATION_TOKEN_AUTH_DISABLED';

/**
 * Answers what a broker of 3.9 serves only where something is configured that cannot be configured here: an authorizer,
 * delegation tokens, a migration to KRaft.
 *
 * @returns undefined for all other keys
 */
export function answerDisabled({ apiKey, apiVersion, frame, bodyOffset }: PlaneRequest): Uint8Array | undefined {
  const body = new ByteReader(frame, bodyOffset);
  switch (apiKey) {
    case 29:
      return describeAclsResponse.toBytes(NO_AUTHORIZER, apiVersion);
    case 30: {
      const { creations } = createAclsRequest.decode(body, apiVersion);
      return createAclsResponse.toBytes({ results: creations.map(() => NO_AUTHORIZER) }, apiVersion);
    }
    case 31: {
      const { filters } = deleteAclsRequest.decode(body, apiVersion);
      return deleteAclsResponse.toBytes({ filterResults: filters.map(() => NO_AUTHORIZER) }, apiVersion);
    }
    case 38:
      return createDelegationTokenResponse.toBytes({ errorCode: errorCode(NO_TOKENS) }, apiVersion);
    case 39:
      return renewDelegationTokenResponse.toBytes({ errorCode: errorCode(NO_TOKENS) }, apiVersion);
    case 40:
      return expireDelegationTokenResponse.toBytes({ errorCode: errorCode(NO_TOKENS) }, apiVersion);
    case 41:
      return describeDelegationTokenResponse.toBytes({ errorCode: errorCode(NO_TOKENS) }, apiVersion);
    case 58:
      // Only while a migration runs are requests forwarded.
      return envelopeResponse.toBytes({ errorCode: errorCode('NOT_CONTROLLER') }, apiVersion);
    default:
      return undefined;
  }
}
