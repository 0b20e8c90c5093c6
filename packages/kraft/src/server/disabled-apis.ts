import { type ErrorName, errorCode } from '@biquorum/kafka-wire';
import { controlledShutdownResponse } from '@biquorum/kafka-wire/messages/controlled-shutdown';
import { createAclsRequest, createAclsResponse } from '@biquorum/kafka-wire/messages/create-acls';
import { createDelegationTokenResponse } from '@biquorum/kafka-wire/messages/create-delegation-token';
import { deleteAclsRequest, deleteAclsResponse } from '@biquorum/kafka-wire/messages/delete-acls';
import { describeAclsResponse } from '@biquorum/kafka-wire/messages/describe-acls';
import { describeDelegationTokenResponse } from '@biquorum/kafka-wire/messages/describe-delegation-token';
import {
  describeUserScramCredentialsRequest,
  describeUserScramCredentialsResponse,
} from '@biquorum/kafka-wire/messages/describe-user-scram-credentials';
import { expireDelegationTokenResponse } from '@biquorum/kafka-wire/messages/expire-delegation-token';
import { renewDelegationTokenResponse } from '@biquorum/kafka-wire/messages/renew-delegation-token';
import type { QuorumRequest } from '../quorum/options.ts';

const NO_AUTHORIZER = { errorCode: errorCode('SECURITY_DISABLED'), errorMessage: 'No Authorizer is configured.' };
const NO_TOKENS: ErrorName = 'DELEGATION_TOKEN_REQUEST_NOT_ALLOWED';

/**
 * Answers what a controller of 3.9 serves only where something is configured that cannot be configured here: an
 * authorizer, delegation tokens, a migration from ZooKeeper. The answers are those of Apache's controllers without it.
 *
 * @returns undefined for all other keys
 */
export function answerDisabled({ apiKey, apiVersion, body }: QuorumRequest): Uint8Array | undefined {
  switch (apiKey) {
    case 7:
      return controlledShutdownResponse.toBytes({ errorCode: errorCode('UNKNOWN_SERVER_ERROR') }, apiVersion);
    case 29:
      return describeAclsResponse.toBytes(NO_AUTHORIZER, apiVersion);
    case 30: {
      const { creations } = createAclsRequest.fromBytes(body, apiVersion);
      return createAclsResponse.toBytes({ results: creations.map(() => NO_AUTHORIZER) }, apiVersion);
    }
    case 31: {
      const { filters } = deleteAclsRequest.fromBytes(body, apiVersion);
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
    case 50: {
      // Announced by controllers of 3.9, which have nothing that answers it.
      const row = { errorCode: errorCode('UNKNOWN_SERVER_ERROR'), errorMessage: null };
      const { users } = describeUserScramCredentialsRequest.fromBytes(body, apiVersion);
      const results = (users ?? []).map(() => row);
      return describeUserScramCredentialsResponse.toBytes({ ...row, results }, apiVersion);
    }
    default:
      return undefined;
  }
}
