/** Where a server of an ensemble can be reached by the others. */
export interface ServerAddress {
  /** A name or an address; IPv6 without its brackets. */
  readonly host: string;
  /** Where a leader waits for its learners. */
  readonly quorumPort: number;
  /** Where votes are exchanged. */
  readonly electionPort: number;
}

/** A server of an ensemble, as one line `server.N=…` describes it. */
export interface EnsembleServer {
  /** N, `myid`. */
  readonly id: number;
  /** One; several where a server has several networks. */
  readonly addresses: readonly ServerAddress[];
  readonly role: 'participant' | 'observer';
  /** Where its clients connect, `host:port`; null where the line does not say so. */
  readonly client: string | null;
}

/** What members of an ensemble tell each other about it. */
export interface EnsembleText {
  readonly servers: readonly EnsembleServer[];
  /** The zxid of the transaction that made it; 0 for that of the configuration files. */
  readonly version: bigint;
  /** Lines of other kinds (`group.N`, `weight.N`) as they came. */
  readonly others: readonly string[];
}

/** A line that describes a server is none. */
export class EnsembleTextError extends Error {
  override readonly name: string = 'EnsembleTextError';
}

/** Lines of an ensemble that are read at most. */
const LINES_MAX = 10_000;

/**
 * The ensemble as its members send it with votes and with NEWLEADER, and as `/zookeeper/config` holds it. Source: Java
 * `QuorumMaj.toString`, `QuorumPeer.QuorumServer.toString`.
 */
export function formatEnsembleText({ servers, version, others }: EnsembleText): string {
  const ordered = [...servers].sort((a, b) => a.id - b.id);
  const lines = ordered.map((server) => `server.${server.id}=${formatEnsembleServer(server)}`);
  return [...lines, ...others, `version=${BigInt.asUintN(64, version).toString(16)}`].join('\n');
}

/**
 * Reads {@link formatEnsembleText}'s text.
 *
 * @throws EnsembleTextError naming the line that is wrong
 */
export function parseEnsembleText(text: string): EnsembleText {
  const lines = text.split('\n', LINES_MAX);
  const servers: EnsembleServer[] = [];
  const others: string[] = [];
  let version = 0n;
  for (const line of lines.map((one) => one.trim())) {
    if (line === '') continue;
    const [, id, value] = /^server\.(\d{1,15})\s*=\s*(.*)$/.exec(line) ?? [];
    const [, hex] = /^version\s*=\s*([0-9a-fA-F]{1,16})$/.exec(line) ?? [];
    if (id !== undefined) servers.push(parseEnsembleServer(Number(id), value ?? ''));
    else if (hex !== undefined) version = BigInt.asIntN(64, BigInt(`0x${hex}`));
    else if (/^(group|weight)\./.test(line)) others.push(line);
    else
      throw new EnsembleTextError(
        `"${line}" is no line of an ensemble; it must begin with server., group., weight. or version=`,
      );
  }
  return { servers, version, others };
}

/** What stands behind `server.N=`. */
export function formatEnsembleServer({ addresses, role, client }: EnsembleServer): string {
  const places = [...addresses]
    .sort((a, b) => (a.host < b.host ? -1 : a.host > b.host ? 1 : 0))
    .map(({ host, quorumPort, electionPort }) => `${bracketed(host)}:${quorumPort}:${electionPort}`);
  return `${places.join('|')}:${role}${client === null ? '' : `;${client}`}`;
}

/**
 * Reads what stands behind `server.N=`: `host:quorumPort[:electionPort][:role][;[host:]clientPort]`, several addresses
 * with `|` between them. A client port alone is one of all addresses.
 *
 * @throws EnsembleTextError naming what is wrong
 */
export function parseEnsembleServer(id: number, value: string): EnsembleServer {
  const [quorum = '', clientPart] = value.split(';');
  const addresses: ServerAddress[] = [];
  let role: EnsembleServer['role'] = 'participant';
  for (const place of quorum.split('|')) {
    const match = PLACE.exec(place.trim());
    const host = match?.[1] ?? match?.[2];
    if (host === undefined)
      throw new EnsembleTextError(`server.${id}=${value} must be host:port:port[:role][;client port]`);
    const wanted = match?.[5]?.toLowerCase() ?? 'participant';
    if (wanted !== 'participant' && wanted !== 'observer')
      throw new EnsembleTextError(`server.${id} has the role ${wanted}; it must be participant or observer`);
    role = wanted;
    addresses.push({ host, quorumPort: port(id, match?.[3]), electionPort: port(id, match?.[4] ?? '0') });
  }
  return { id, addresses, role, client: clientPart === undefined ? null : clientOf(id, clientPart.trim()) };
}

const PLACE = /^(?:\[([^[\]]+)\]|([^:[\]|]+)):(\d{1,5})(?::(\d{1,5}))?(?::([A-Za-z]+))?$/;

function clientOf(id: number, text: string): string {
  const match = /^(?:(?:\[([^[\]]+)\]|([^:[\]]+)):)?(\d{1,5})$/.exec(text);
  if (match === null) throw new EnsembleTextError(`server.${id}: "${text}" must be a client port, or host:port`);
  return `${bracketed(match[1] ?? match[2] ?? '0.0.0.0')}:${port(id, match[3])}`;
}

function port(id: number, text: string | undefined): number {
  const value = Number(text);
  if (!(value <= 65_535)) throw new EnsembleTextError(`server.${id} has the port ${text}; it must be 0 to 65535`);
  return value;
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
