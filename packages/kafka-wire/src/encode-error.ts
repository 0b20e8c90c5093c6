/**
 * Why a value cannot be written:
 *
 * - `unsupported-version`: the message has no such version.
 * - `unsupported-field`: the version lacks a field that holds something else than its default and must not be dropped.
 * - `unexpected-null`: null where the version does not allow it.
 * - `wrong-type`: the value is not of the field's type.
 * - `out-of-range`: a number that the field cannot hold.
 * - `too-long`: a string of more than 32,767 bytes.
 * - `invalid-tags`: unknown tagged fields that are not in ascending order, or use a tag that is known.
 */
export type EncodeErrorCode =
  | 'unsupported-version'
  | 'unsupported-field'
  | 'unexpected-null'
  | 'wrong-type'
  | 'out-of-range'
  | 'too-long'
  | 'invalid-tags';

/** Which value could not be written, and why. */
export interface EncodeErrorFacts {
  readonly code: EncodeErrorCode;
  /** Name of the message, such as `FetchResponse`. */
  readonly api: string;
  readonly version: number;
  /** The field, such as `responses[3].partitions[0].highWatermark`; empty for the message itself. */
  readonly path: string;
  /** What was given, and what to do about it. */
  readonly detail: string;
}

/** The value is not one that the message can carry in this version. Nothing was written. */
export class EncodeError extends Error implements EncodeErrorFacts {
  override readonly name = 'EncodeError';
  readonly code: EncodeErrorCode;
  readonly api: string;
  readonly version: number;
  readonly path: string;
  readonly detail: string;

  constructor(facts: EncodeErrorFacts) {
    const { code, api, version, path, detail } = facts;
    super(`${api} v${version}: ${path === '' ? '' : `${path}: `}${detail} (${code})`);
    this.code = code;
    this.api = api;
    this.version = version;
    this.path = path;
    this.detail = detail;
  }
}
