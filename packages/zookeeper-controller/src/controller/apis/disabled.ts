import { answerWithoutSecurity, type MissingSecurity, type PlaneRequest } from '@biquorum/control-plane';
import { errorCode } from '@biquorum/kafka-wire';
import { envelopeResponse } from '@biquorum/kafka-wire/messages/envelope';

const MISSING: MissingSecurity = {
  noAuthorizer: 'No Authorizer is configured on the broker',
  noTokens: 'DELEGATION_TOKEN_AUTH_DISABLED',
};
const ENVELOPE = 58;

/**
 * Answers what a broker of 3.9 serves only where something is configured that cannot be configured here: an authorizer,
 * delegation tokens, a migration to KRaft.
 *
 * @returns undefined for all other keys
 */
export function answerDisabled({ apiKey, apiVersion, frame, bodyOffset }: PlaneRequest): Uint8Array | undefined {
  if (apiKey !== ENVELOPE) return answerWithoutSecurity(apiKey, apiVersion, frame.subarray(bodyOffset), MISSING);
  // Only while a migration runs are requests forwarded.
  return envelopeResponse.toBytes({ errorCode: errorCode('NOT_CONTROLLER') }, apiVersion);
}
