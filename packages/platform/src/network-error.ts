/** Why the network would not. */
export type NetworkErrorCode =
  /** Nobody listens there. */
  | 'refused'
  /** The peer, or something between, dropped the connection. */
  | 'reset'
  /** No answer within the time allowed. */
  | 'timeout'
  /** There is no way to that host. */
  | 'unreachable'
  /** The name does not resolve. */
  | 'unknown-host'
  /** Somebody listens on that port already. */
  | 'address-in-use'
  /** The address does not belong to this machine. */
  | 'address-unavailable'
  /** The system forbids it. */
  | 'not-permitted'
  /** The process has no file handles left. */
  | 'too-many-open-files'
  /** This side called `abort`. */
  | 'aborted'
  /** This side wrote after `end`, or after the connection had closed. */
  | 'closed'
  /** Anything else; the cause tells more. */
  | 'other';

/** A fault of the environment or of a peer, as a value: a code, the address it concerns, and what to do about it. */
export class NetworkError extends Error {
  override readonly name: string = 'NetworkError';
  readonly code: NetworkErrorCode;
  readonly operation: NetworkOperation;
  readonly host: string;
  readonly port: number;

  constructor(code: NetworkErrorCode, facts: NetworkErrorFacts) {
    const { operation, host, port, cause } = facts;
    const place = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
    super(
      `${operation} ${operation === 'look up' ? host : place}: ${explanations[code]}`,
      cause === undefined ? undefined : { cause },
    );
    this.code = code;
    this.operation = operation;
    this.host = host;
    this.port = port;
  }
}

/** What was being done. */
export type NetworkOperation = 'listen' | 'dial' | 'look up' | 'read' | 'write' | 'close';

/** What a {@link NetworkError} is about; the address is the remote one, except for `listen`; `look up` has no port, 0. */
export interface NetworkErrorFacts {
  readonly operation: NetworkOperation;
  readonly host: string;
  readonly port: number;
  /** The error of the system, if there was one. */
  readonly cause?: unknown;
}

const explanations: Readonly<Record<NetworkErrorCode, string>> = {
  refused: 'connection refused; check that a server listens on this host and port',
  reset: 'connection reset by the peer or on the way; connect again',
  timeout: 'no answer in time; check the address and firewalls, or allow more time',
  unreachable: 'host unreachable; check the address and the route to it',
  'unknown-host': 'host name does not resolve; check its spelling and the name service',
  'address-in-use': 'address already in use; stop the other process or choose another port',
  'address-unavailable': 'address does not belong to this machine; choose one that does, or 0.0.0.0 for all',
  'not-permitted': 'not permitted; choose a port above 1023 or grant the right to use this one',
  'too-many-open-files': 'too many open files; raise the limit of the process (ulimit -n)',
  aborted: 'aborted by this side',
  closed: 'connection closed; open another one',
  other: 'failed; the cause tells more',
};
