import { EngineConfigError } from '../errors.ts';
import { type HostAndPort, parseAddress } from '../members.ts';
import { DiskStorage, type DiskStorageOptions } from '../storage/disk-storage.ts';
import { MemoryStorage } from '../storage/memory-storage.ts';
import { TcpTransport } from '../tcp/tcp-transport.ts';
import type { NetworkChoice, StorageChoice } from './replica.ts';

/**
 * Log, durable state and snapshots in a directory that is the replica's alone.
 *
 * @param directory Absolute path; made when missing.
 */
export function onDisk(directory: string, options: Omit<DiskStorageOptions, 'disk' | 'directory'> = {}): StorageChoice {
  return ({ disk }, codec) => new DiskStorage({ ...options, disk, directory }, codec);
}

/** Log, durable state and snapshots in memory: a member that stops has forgotten all, and must not come back. */
export function inMemory(): StorageChoice {
  return ({ timers }) => new MemoryStorage(timers);
}

/** How {@link overTcp} listens. */
export interface OverTcpOptions {
  /** `host:port` to bind, where it differs from the address that the others use; port 0 for any that is free. */
  readonly listen?: string;
  /** `host:port` that the others are to use, for a member that `peers` does not list. By default what was bound. */
  readonly advertise?: string;
  /** Only members that name the same cluster talk to each other. */
  readonly cluster?: string;
}

/**
 * TCP between the members, each at the address that `peers` gives it.
 *
 * @throws EngineConfigError (as a rejection of `createReplica`) when there is no address to listen on or to be called at.
 */
export function overTcp(options: OverTcpOptions = {}): NetworkChoice {
  return async ({ ports, id, peers, channels, codec }) => {
    const listed = peers.find((peer) => peer.id === id)?.address ?? '';
    const advertised = listed === '' ? (options.advertise ?? '') : listed;
    const bind = options.listen ?? advertised;
    if (bind === '')
      throw new EngineConfigError(`no address for member ${id}: list it in peers, or say where to listen`);
    const { host, port } = addressOf(bind);
    if (advertised !== '') addressOf(advertised);
    if (advertised === '' && (host === '0.0.0.0' || host === '::'))
      throw new EngineConfigError(`member ${id} listens on ${bind}, where nobody can call it: advertise an address`);
    const transport = new TcpTransport({
      network: ports.network,
      timers: ports.timers,
      id,
      peers,
      channels,
      codec,
      cluster: options.cluster ?? '',
    });
    const bound = await transport.listen(host, port);
    return {
      transport,
      address: advertised === '' ? `${host.includes(':') ? `[${host}]` : host}:${bound}` : advertised,
    };
  };
}

/** @throws EngineConfigError when the text is no address. */
function addressOf(text: string): HostAndPort {
  const address = parseAddress(text);
  if (address === null) throw new EngineConfigError(`address "${text}" must be host:port`);
  return address;
}
