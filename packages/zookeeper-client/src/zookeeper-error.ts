import { ErrorCode, type ErrorName, errorName } from '@biquorum/zookeeper-wire';

/** What ZooKeeper, or the way to it, said no with. */
export class ZooKeeperError extends Error {
  override readonly name: string = 'ZooKeeperError';
  /** Name of the error as Java's `KeeperException.Code` has it, without its capitals and underscores. */
  readonly code: ErrorName;
  /** The path as the caller gave it; null where the request has none. */
  readonly path: string | null;

  constructor(code: ErrorName, path: string | null, detail: string = EXPLANATIONS[code] ?? '') {
    super(`${code}${path === null ? '' : ` for ${path}`}${detail === '' ? '' : `: ${detail}`}`);
    this.code = code;
    this.path = path;
  }

  /** The error of a number in a reply; one that ZooKeeper does not have is a SystemError. */
  static of(err: number, path: string | null): ZooKeeperError {
    const code = errorName(err);
    return code === undefined
      ? new ZooKeeperError('SystemError', path, `error ${err} is not known`)
      : new ZooKeeperError(code, path);
  }
}

const EXPLANATIONS: Partial<Record<ErrorName, string>> = {
  ConnectionLoss: 'the connection broke before the answer; the request may or may not have taken effect',
  SessionExpired: 'the session is over and its ephemerals are gone; open a new client',
  NoNode: 'there is no such node',
  NodeExists: 'the node exists already',
  NotEmpty: 'the node has children',
  BadVersion: 'the node has another version than expected',
  NoAuth: 'the ACL of the node does not allow it',
  AuthFailed: 'the server did not accept the credentials',
};

/** A multi that failed: which of its operations, and with what. None took effect. */
export class MultiError extends ZooKeeperError {
  override readonly name: string = 'MultiError';
  /** Index of the operation that failed. */
  readonly index: number;
  /** Per operation: Ok for those before the one that failed, RuntimeInconsistency for those after it. */
  readonly errors: readonly ErrorName[];

  constructor(errors: readonly ErrorName[], paths: readonly string[]) {
    const index = Math.max(
      0,
      errors.findIndex((error) => ErrorCode[error] !== ErrorCode.Ok),
    );
    super(errors[index] ?? 'SystemError', paths[index] ?? null, `operation ${index} of the multi failed`);
    this.index = index;
    this.errors = errors;
  }
}
