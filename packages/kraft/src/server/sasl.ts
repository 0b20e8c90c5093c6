import { errorCode } from '@biquorum/kafka-wire';
import { saslAuthenticateResponse } from '@biquorum/kafka-wire/messages/sasl-authenticate';
import { saslHandshakeResponse } from '@biquorum/kafka-wire/messages/sasl-handshake';
import type { QuorumRequest } from '../quorum/options.ts';

const HANDSHAKE_KEY = 17;
const AUTHENTICATE_KEY = 36;

/** Is this a key of SASL? */
export function isSasl(apiKey: number): boolean {
  return apiKey === HANDSHAKE_KEY || apiKey === AUTHENTICATE_KEY;
}

/** On a listener without authentication SASL is out of place. Source: Java `ControllerApis.handleSaslHandshakeRequest`. */
export function answerSasl({ apiKey, apiVersion }: QuorumRequest): Uint8Array {
  const illegal = errorCode('ILLEGAL_SASL_STATE');
  if (apiKey === HANDSHAKE_KEY) return saslHandshakeResponse.toBytes({ errorCode: illegal }, apiVersion);
  const errorMessage = 'SaslAuthenticate request received after successful authentication';
  return saslAuthenticateResponse.toBytes({ errorCode: illegal, errorMessage }, apiVersion);
}
