/**
 * What was wrong with the bytes:
 *
 * - `underflow`: fewer bytes are there than the field needs.
 * - `overlong-varint`: a varint goes on after its fifth byte.
 * - `unexpected-null`: null where the version does not allow it.
 * - `invalid-length`: a length that its field cannot have, such as a string of more than 32,767 bytes.
 * - `invalid-count`: an array claims more elements than the bytes left could hold.
 * - `unsafe-integer`: an int64 beyond ±(2^53 − 1) that is neither −2^63 nor 2^63 − 1, in a field read as a number.
 * - `invalid-tag`: a tagged field that the version does not have in tagged form.
 * - `unsupported-version`: the message has no such version.
 * - `unknown-api`: no API or record has the key.
 * - `invalid-frame`: a frame's size is negative or above the limit.
 * - `trailing-bytes`: bytes are left over where the message must fill its space.
 */
export type ProtocolErrorCode =
  | 'underflow'
  | 'overlong-varint'
  | 'unexpected-null'
  | 'invalid-length'
  | 'invalid-count'
  | 'unsafe-integer'
  | 'invalid-tag'
  | 'unsupported-version'
  | 'unknown-api'
  | 'invalid-frame'
  | 'trailing-bytes';

/** Where and why bytes could not be read. */
export interface ProtocolErrorFacts {
  readonly code: ProtocolErrorCode;
  /** Name of the message, such as `ProduceRequest`. */
  readonly api: string;
  /** Version in which it was read; −1 where no version is known yet. */
  readonly version: number;
  /** The field, such as `topicData[3].partitionData[0].records`; empty for the message itself. */
  readonly path: string;
  /** Position of the value that could not be read, in the bytes that were handed in. */
  readonly offset: number;
  /** What was found there. */
  readonly detail: string;
}

/** A peer, or a file, sent bytes that are not what they claim to be. The only error that decoding throws. */
export class ProtocolError extends Error implements ProtocolErrorFacts {
  override readonly name = 'ProtocolError';
  readonly code: ProtocolErrorCode;
  readonly api: string;
  readonly version: number;
  readonly path: string;
  readonly offset: number;
  readonly detail: string;

  constructor(facts: ProtocolErrorFacts) {
    const { code, api, version, path, offset, detail } = facts;
    const message = version < 0 ? api : `${api} v${version}`;
    super(`${message}: ${path === '' ? '' : `${path} `}at byte ${offset}: ${detail} (${code})`);
    this.code = code;
    this.api = api;
    this.version = version;
    this.path = path;
    this.offset = offset;
    this.detail = detail;
  }
}
