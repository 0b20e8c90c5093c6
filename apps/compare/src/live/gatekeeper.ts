import type { IncomingHttpHeaders } from 'node:http';

/** Why a request is turned away. */
export interface Refusal {
  readonly status: 403 | 405 | 415;
  readonly reason: string;
}

const NAMES: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Lets in who came by this machine's own name. A page of another site may make a browser send requests here; a name of
 * its own that leads to 127.0.0.1 (DNS rebinding) stands in `Host`, and its site in `Origin`.
 *
 * @param port on which the server listens
 */
export function refusalOf(
  { method, headers }: { readonly method?: string | undefined; readonly headers: IncomingHttpHeaders },
  port: number,
): Refusal | undefined {
  const { host, origin } = headers;
  if (!isOwn(host, port))
    return { status: 403, reason: `Host is ${host ?? 'missing'}; open http://127.0.0.1:${port}/` };
  if (method === 'GET' || method === 'HEAD') {
    if (headers['sec-fetch-site'] === 'cross-site' && headers['sec-fetch-mode'] !== 'navigate') {
      return { status: 403, reason: 'asked by a page of another site' };
    }
    return undefined;
  }
  if (method !== 'POST') return { status: 405, reason: `${method ?? 'no method'}; there are GET and POST` };
  if (origin === undefined || !origin.startsWith('http://') || !isOwn(origin.slice('http://'.length), port)) {
    return { status: 403, reason: `Origin is ${origin ?? 'missing'}; use the page itself` };
  }
  const type = headers['content-type']?.split(';')[0]?.trim();
  if (type !== 'application/json') return { status: 415, reason: 'send application/json' };
  return undefined;
}

function isOwn(authority: string | undefined, port: number): boolean {
  if (authority === undefined) return false;
  const at = authority.lastIndexOf(':');
  return at > 0 && NAMES.has(authority.slice(0, at)) && authority.slice(at + 1) === String(port);
}
