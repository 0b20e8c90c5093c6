import { type CuttableNetwork, cuttableNetwork } from '@biquorum/cluster';
import type { Disk, DiskFile, Network, Ports } from '@biquorum/platform';
import type { Tally } from './tally.ts';
import { countersFor, type NodeFacts } from './watched-links.ts';

/** The ports of a node, with somebody who counts, and who can cut what it has dialled. */
export interface WatchedPorts {
  readonly ports: Ports;
  readonly network: CuttableNetwork;
}

/** Counts messages, bytes and syncs on their way through a node's ports; changes nothing of them until links are cut. */
export function watchPorts(ports: Ports, facts: NodeFacts, tally: Tally): WatchedPorts {
  const network = cuttableNetwork(ports);
  return {
    network,
    ports: {
      ...ports,
      network: countedNetwork(network.network, facts, tally),
      disk: countedDisk(ports.disk, (path) => {
        const governs = facts.role !== 'broker' || path.includes('/__cluster_metadata-');
        tally.sync(governs ? 'control' : 'records');
      }),
    },
  };
}

function countedNetwork(network: Network, facts: NodeFacts, tally: Tally): Network {
  return {
    listen: (options, onConnection) => network.listen(options, onConnection),
    canonicalHostName: () => network.canonicalHostName(),
    async dial(options) {
      const connection = await network.dial(options);
      const { sent, received } = countersFor(facts, `${options.host}:${options.port}`, tally);
      return {
        local: connection.local,
        remote: connection.remote,
        get queuedBytes() {
          return connection.queuedBytes;
        },
        start(handlers) {
          connection.start({
            data(chunk) {
              received.push(chunk);
              handlers.data(chunk);
            },
            end: () => handlers.end(),
            drained: () => handlers.drained(),
            closed: (error) => handlers.closed(error),
          });
        },
        write(chunks, done) {
          for (const chunk of chunks) sent.push(chunk);
          return connection.write(chunks, done);
        },
        pause: () => connection.pause(),
        resume: () => connection.resume(),
        end: () => connection.end(),
        abort: () => connection.abort(),
      };
    },
  };
}

function countedDisk(disk: Disk, synced: (path: string) => void): Disk {
  const counted = (file: DiskFile): DiskFile => ({
    path: file.path,
    size: () => file.size(),
    write: (position, chunks) => file.write(position, chunks),
    readSync: (position, into) => file.readSync(position, into),
    read: (position, into) => file.read(position, into),
    sync() {
      synced(file.path);
      return file.sync();
    },
    truncate: (size) => file.truncate(size),
    allocate: (size) => file.allocate(size),
    close: () => file.close(),
  });
  return {
    open: (path, mode) => counted(disk.open(path, mode)),
    list: (path) => disk.list(path),
    stat: (path) => disk.stat(path),
    makeDirectory: (path) => disk.makeDirectory(path),
    remove: (path) => disk.remove(path),
    removeTree: (path) => disk.removeTree(path),
    rename: (from, to) => disk.rename(from, to),
    setModified: (path, modifiedMs) => disk.setModified(path, modifiedMs),
    syncDirectory(path) {
      synced(`${path}/`);
      return disk.syncDirectory(path);
    },
    replace(path, bytes) {
      // The file, and then its directory.
      synced(path);
      synced(path);
      return disk.replace(path, bytes);
    },
    readWhole: (path, bytesMax) => disk.readWhole(path, bytesMax),
    space: (path) => disk.space(path),
    lock: (path) => disk.lock(path),
  };
}
