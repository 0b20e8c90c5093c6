import type { SetWatches2Request } from '@biquorum/zookeeper-wire';
import type { WatchEvent, WatchHandler } from './watch-event.ts';

/** What a watch waits for; `exist` on a node that is not there yet. */
export type WatchKind = 'data' | 'exist' | 'child' | 'persistent' | 'recursive';

/** The watches of a client, by the server's paths, so that they can be set again at another server. */
export class WatchRegistry {
  readonly #handlers: Readonly<Record<WatchKind, Map<string, Set<WatchHandler>>>> = {
    data: new Map(),
    exist: new Map(),
    child: new Map(),
    persistent: new Map(),
    recursive: new Map(),
  };

  add(kind: WatchKind, path: string, handler: WatchHandler): void {
    const handlers = this.#handlers[kind].get(path) ?? new Set();
    this.#handlers[kind].set(path, handlers.add(handler));
  }

  /** @param handler all of them when not given @returns Whether nobody waits for this any more. */
  remove(kind: WatchKind, path: string, handler?: WatchHandler): boolean {
    const handlers = this.#handlers[kind].get(path);
    if (handler !== undefined) handlers?.delete(handler);
    if (handlers !== undefined && (handler === undefined || handlers.size === 0)) this.#handlers[kind].delete(path);
    return !this.#handlers[kind].has(path);
  }

  /** Who hears of an event; watches for one time are used up. Source: Java `ZKWatchManager.materialize`. */
  fire({ type, path }: Pick<WatchEvent, 'type' | 'path'>): Set<WatchHandler> {
    const heard = new Set<WatchHandler>();
    const take = (kind: WatchKind): void => {
      for (const handler of this.#handlers[kind].get(path) ?? []) heard.add(handler);
      this.#handlers[kind].delete(path);
    };
    if (type === 'NodeCreated' || type === 'NodeDataChanged' || type === 'NodeDeleted') {
      take('data');
      take('exist');
    }
    if (type === 'NodeChildrenChanged' || type === 'NodeDeleted') take('child');
    for (const handler of this.#handlers.persistent.get(path) ?? []) heard.add(handler);
    if (type !== 'NodeChildrenChanged') this.#fireAbove(path, heard);
    return heard;
  }

  /** All watches as requests to set them again, none larger than the bound. */
  *again(relativeZxid: number, bytesMax: number): Iterable<SetWatches2Request> {
    let batch = emptyBatch(relativeZxid);
    let bytes = 0;
    for (const kind of KINDS) {
      for (const path of this.#handlers[kind].keys()) {
        if (bytes > 0 && bytes + path.length * 3 + 4 > bytesMax) {
          yield batch;
          batch = emptyBatch(relativeZxid);
          bytes = 0;
        }
        batch[FIELDS[kind]].push(path);
        bytes += path.length * 3 + 4;
      }
    }
    if (bytes > 0) yield batch;
  }

  clear(): void {
    for (const kind of KINDS) this.#handlers[kind].clear();
  }

  #fireAbove(path: string, heard: Set<WatchHandler>): void {
    for (let above = path; ; above = above.slice(0, Math.max(1, above.lastIndexOf('/')))) {
      for (const handler of this.#handlers.recursive.get(above) ?? []) heard.add(handler);
      if (above === '/' || above === '') return;
    }
  }
}

const KINDS = ['data', 'exist', 'child', 'persistent', 'recursive'] as const;

const FIELDS = {
  data: 'dataWatches',
  exist: 'existWatches',
  child: 'childWatches',
  persistent: 'persistentWatches',
  recursive: 'persistentRecursiveWatches',
} as const;

function emptyBatch(relativeZxid: number) {
  return {
    relativeZxid,
    dataWatches: [] as string[],
    existWatches: [] as string[],
    childWatches: [] as string[],
    persistentWatches: [] as string[],
    persistentRecursiveWatches: [] as string[],
  };
}
