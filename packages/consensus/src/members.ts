import type { NodeId, Peer } from './contract.ts';
import { EngineConfigError } from './errors.ts';

/** The two parts of an address. */
export interface HostAndPort {
  /** A name or an address; IPv6 without its brackets. */
  readonly host: string;
  readonly port: number;
}

const ID_MAX = 2 ** 31 - 1;
const PORT_MAX = 65_535;

/** Reads `host:port`, for IPv6 `[host]:port`. Null when the text is nothing of the kind. */
export function parseAddress(text: string): HostAndPort | null {
  const match = /^(?:\[([^[\]]+)\]|([^:[\]\s]+)):(\d{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  return host === undefined || port > PORT_MAX ? null : { host, port };
}

/** @throws EngineConfigError naming the member that cannot be, and why. */
export function checkMembers(id: NodeId, peers: readonly Peer[]): void {
  const seen = new Set<NodeId>();
  for (const member of [id, ...peers.map((peer) => peer.id)]) {
    if (!Number.isInteger(member) || member < 0 || member > ID_MAX)
      throw new EngineConfigError(`member id ${member} must be a whole number from 0 to ${ID_MAX}`);
  }
  if (peers.length === 0) throw new EngineConfigError('peers is empty; list the first voters, this member among them');
  for (const peer of peers) {
    if (seen.has(peer.id)) throw new EngineConfigError(`peers lists member ${peer.id} twice; ids must differ`);
    seen.add(peer.id);
    if (peer.address !== '' && parseAddress(peer.address) === null)
      throw new EngineConfigError(`address "${peer.address}" of member ${peer.id} must be host:port`);
  }
}
