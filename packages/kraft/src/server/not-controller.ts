import { errorCode } from '@biquorum/kafka-wire';
import { messagesByApiKey } from '@biquorum/kafka-wire/registry';
import { ByteReader } from '@biquorum/std';

const DESCRIBE_QUORUM_KEY = 55;

/**
 * Does a response say, anywhere in it, that this node is not the active controller?
 *
 * Source: Java `RequestChannel.buildResponseSend`, which looks at a response's error counts.
 */
export function saysNotController(apiKey: number, apiVersion: number, body: Uint8Array): boolean {
  const code = errorCode(apiKey === DESCRIBE_QUORUM_KEY ? 'NOT_LEADER_OR_FOLLOWER' : 'NOT_CONTROLLER');
  // Most responses do not hold the two bytes anywhere, and need not be read.
  if (!holdsInt16(body, code)) return false;
  const codec = messagesByApiKey.get(apiKey)?.response;
  return codec !== undefined && holdsErrorCode(codec.decode(new ByteReader(body), apiVersion), code);
}

function holdsInt16(bytes: Uint8Array, value: number): boolean {
  for (let at = bytes.indexOf(value, 1); at > 0; at = bytes.indexOf(value, at + 1))
    if (bytes[at - 1] === 0) return true;
  return false;
}

function holdsErrorCode(value: unknown, code: number): boolean {
  if (Array.isArray(value)) return value.some((item) => holdsErrorCode(item, code));
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return false;
  return Object.entries(value).some(
    ([name, field]) => (name === 'errorCode' && field === code) || holdsErrorCode(field, code),
  );
}
