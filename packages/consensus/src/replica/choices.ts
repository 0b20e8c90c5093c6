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
  /** `host:port` to bind, where it differs from the address that the others use. */
  readonly listen?: string;
  /** Only members that name the same cluster talk to each other. */
  readonly cluster?: string;
}

/** TCP between the members, each at the address that `peers` gives it. */
export function overTcp(options: OverTcpOptions = {}): NetworkChoice {
  return async ({ ports, id, peers, channels, codec }) => {
    const address = peers.find((peer) => peer.id === id)?.address ?? '';
    const bind = options.listen ?? address;
    const separator = bind.lastIndexOf(':');
    if (separator < 0) throw new RangeError(`no address for member ${id}: list it in peers, or say where to listen`);
    const transport = new TcpTransport({
      network: ports.network,
      timers: ports.timers,
      id,
      peers,
      channels,
      codec,
      cluster: options.cluster ?? '',
    });
    const host = bind.slice(0, separator).replace(/^\[|\]$/g, '');
    const port = await transport.listen(host, Number(bind.slice(separator + 1)));
    return { transport, address: address === '' ? `${host}:${port}` : address };
  };
}
