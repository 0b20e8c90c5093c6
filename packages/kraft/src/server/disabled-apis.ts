import { answerWithoutSecurity, type MissingSecurity } from '@biquorum/control-plane';
import { errorCode } from '@biquorum/kafka-wire';
import { controlledShutdownResponse } from '@biquorum/kafka-wire/messages/controlled-shutdown';
import {
  describeUserScramCredentialsRequest,
  describeUserScramCredentialsResponse,
} from '@biquorum/kafka-wire/messages/describe-user-scram-credentials';
import type { QuorumRequest } from '../quorum/options.ts';

const MISSING: MissingSecurity = {
  noAuthorizer: 'No Authorizer is configured.',
  noTokens: 'DELEGATION_TOKEN_REQUEST_NOT_ALLOWED',
};

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
    case 50: {
      // Announced by controllers of 3.9, which have nothing that answers it.
      const row = { errorCode: errorCode('UNKNOWN_SERVER_ERROR'), errorMessage: null };
      const { users } = describeUserScramCredentialsRequest.fromBytes(body, apiVersion);
      const results = (users ?? []).map(() => row);
      return describeUserScramCredentialsResponse.toBytes({ ...row, results }, apiVersion);
    }
    default:
      return answerWithoutSecurity(apiKey, apiVersion, body, MISSING);
  }
}
