import { NetworkError, type NetworkErrorCode, type NetworkErrorFacts } from '../network-error.ts';

/** The port's error for one of Node's. */
export function networkError(cause: unknown, facts: Omit<NetworkErrorFacts, 'cause'>): NetworkError {
  const { code } = cause as { code?: unknown };
  return new NetworkError((typeof code === 'string' ? codes[code] : undefined) ?? 'other', { ...facts, cause });
}

const codes: { readonly [code: string]: NetworkErrorCode } = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  EPIPE: 'reset',
  ETIMEDOUT: 'timeout',
  EHOSTUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETUNREACH: 'unreachable',
  ENETDOWN: 'unreachable',
  ENOTFOUND: 'unknown-host',
  EAI_AGAIN: 'unknown-host',
  EAI_NODATA: 'unknown-host',
  EAI_NONAME: 'unknown-host',
  EADDRINUSE: 'address-in-use',
  EADDRNOTAVAIL: 'address-unavailable',
  EACCES: 'not-permitted',
  EPERM: 'not-permitted',
  EMFILE: 'too-many-open-files',
  ENFILE: 'too-many-open-files',
};
