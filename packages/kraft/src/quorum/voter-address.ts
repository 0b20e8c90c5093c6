import type { QuorumEndpoint } from './options.ts';

/** Versions of the quorum's own protocol that a node supports (KIP-853's `kraft.version`). */
export interface KraftVersions {
  readonly min: number;
  readonly max: number;
}

/** What this release supports. */
export const KRAFT_VERSIONS: KraftVersions = { min: 0, max: 1 };

/** Where a voter can be reached, and what it supports. */
export interface VoterAddress {
  readonly endpoints: readonly QuorumEndpoint[];
  /** Undefined where only an address is known. */
  readonly kraftVersions: KraftVersions | undefined;
}

/**
 * A voter's endpoints and versions as one text. Raft compares and hands on what it takes for the address of a member;
 * only this package looks inside.
 *
 * `CONTROLLER://host:9093,OTHER://[::1]:9094#0-1`, or `host:9093` where no listener's name is known.
 */
export function formatVoterAddress({ endpoints, kraftVersions }: VoterAddress): string {
  const places = endpoints.map(({ name, host, port }) => {
    const place = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
    return name === '' ? place : `${name}://${place}`;
  });
  return places.join() + (kraftVersions === undefined ? '' : `#${kraftVersions.min}-${kraftVersions.max}`);
}

/** Reads what {@link formatVoterAddress} writes; items that are none are left out. */
export function parseVoterAddress(text: string): VoterAddress {
  const [places = '', versions] = text.split('#');
  const endpoints: QuorumEndpoint[] = [];
  for (const item of places.split(',')) {
    const match = /^(?:([^:/]*):\/\/)?(?:\[([^\]]+)\]|([^\s:/[\]]+)):(\d{1,5})$/.exec(item);
    if (match === null) continue;
    endpoints.push({ name: match[1] ?? '', host: match[2] ?? match[3] ?? '', port: Number(match[4]) });
  }
  const range = /^(-?\d+)-(-?\d+)$/.exec(versions ?? '');
  return { endpoints, kraftVersions: range === null ? undefined : { min: Number(range[1]), max: Number(range[2]) } };
}

/** The endpoint of a listener; the first one where none has that name. */
export function endpointOf({ endpoints }: VoterAddress, listener: string): QuorumEndpoint | undefined {
  return endpoints.find(({ name }) => name === listener) ?? endpoints[0];
}
