/** A server to connect to. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

/** Servers, and the path under which a client sees its world. */
export interface ConnectString {
  readonly servers: readonly ServerAddress[];
  /** Empty, or a path that begins and does not end with a slash. */
  readonly chroot: string;
}

const DEFAULT_PORT = 2181;

/**
 * Reads `host:port,host:port/chroot`. Spaces around servers are allowed, ports default to 2181, IPv6 addresses stand in
 * brackets. Source: Java `ConnectStringParser`.
 *
 * @throws RangeError with the part that is wrong and what is expected
 */
export function parseConnectString(text: string): ConnectString {
  const slash = text.indexOf('/');
  const hosts = slash === -1 ? text : text.slice(0, slash);
  const path = slash === -1 ? '' : text.slice(slash).trim();
  const servers = hosts
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(parseServer);
  if (servers.length === 0)
    throw new RangeError(`connect string "${text}" names no server; write host:port,host:port/path`);
  return { servers, chroot: parseChroot(path, text) };
}

function parseServer(text: string): ServerAddress {
  const match = /^(?:\[([0-9a-fA-F:.%]+)\]|([^\s:[\]]+))(?::(\d{1,5}))?$/.exec(text);
  const port = Number(match?.[3] ?? DEFAULT_PORT);
  if (match === null || port < 1 || port > 65_535) {
    throw new RangeError(`server "${text}" is not host:port with a port from 1 to 65535 (IPv6 addresses in brackets)`);
  }
  return { host: match[1] ?? match[2] ?? '', port };
}

function parseChroot(path: string, text: string): string {
  if (path === '' || path === '/') return '';
  if (path.endsWith('/') || /\/(?:\/|\.{1,2}(?:\/|$))/.test(path)) {
    throw new RangeError(
      `chroot "${path}" of connect string "${text}" is not a path: no empty parts, no "." or "..", no "/" at its end`,
    );
  }
  return path;
}
