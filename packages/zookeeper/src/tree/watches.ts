import { AddWatchMode, EventType, WatcherType } from '@biquorum/zookeeper-wire';
import { parentOf } from './paths.ts';

/** How a watch behaves: it goes when it fires, it stays, or it stays and hears of everything below its path. */
export type WatchMode = 'once' | 'persistent' | 'recursive';

/** How many watches there are. */
export interface WatchCounts {
  readonly watchers: number;
  readonly paths: number;
  readonly watches: number;
}

/**
 * Who watches which paths: one table for data (and existence), one for children. Modes on one path exist beside each
 * other. Source: Java `WatchManager` and `WatcherModeManager` of 3.9.
 *
 * @typeParam Watcher A connection; compared by identity.
 */
export class WatchTable<Watcher> {
  readonly #byPath: Map<string, Map<Watcher, Modes>> = new Map();
  readonly #byWatcher: Map<Watcher, Set<string>> = new Map();
  /** While nobody watches recursively, parents need not be walked. */
  #recursive = 0;

  add(path: string, watcher: Watcher, mode: WatchMode): void {
    const watchers = this.#byPath.get(path) ?? new Map<Watcher, Modes>();
    this.#byPath.set(path, watchers);
    const modes = watchers.get(watcher) ?? 0;
    watchers.set(watcher, modes | BIT[mode]);
    if (mode === 'recursive' && (modes & BIT.recursive) === 0) this.#recursive++;
    const paths = this.#byWatcher.get(watcher) ?? new Set();
    this.#byWatcher.set(watcher, paths.add(path));
  }

  /** Does this watcher watch this path, in this mode or (without one) in any? */
  has(path: string, watcher: Watcher, mode?: WatchMode): boolean {
    const modes = this.#byPath.get(path)?.get(watcher) ?? 0;
    return (mode === undefined ? modes : modes & BIT[mode]) !== 0;
  }

  /** @param mode all of them when not given @returns False when there was none. */
  remove(path: string, watcher: Watcher, mode?: WatchMode): boolean {
    const watchers = this.#byPath.get(path);
    const modes = watchers?.get(watcher) ?? 0;
    const gone = mode === undefined ? modes : modes & BIT[mode];
    if (watchers === undefined || gone === 0) return false;
    if ((gone & BIT.recursive) !== 0) this.#recursive--;
    const left = modes & ~gone;
    if (left === 0) this.#forget(path, watchers, watcher);
    else watchers.set(watcher, left);
    return true;
  }

  /** The watcher is gone. */
  removeWatcher(watcher: Watcher): void {
    for (const path of [...(this.#byWatcher.get(watcher) ?? [])]) this.remove(path, watcher);
  }

  /**
   * Something happened to `path`: who must hear of it, each once. Watches for one time are used up.
   *
   * @param children Whether it is about the children of `path`: watches of whole subtrees hear of the children themselves.
   */
  trigger(path: string, children: boolean): Set<Watcher> {
    const heard = new Set<Watcher>();
    const own = this.#byPath.get(path);
    if (own !== undefined) {
      for (const [watcher, modes] of [...own]) {
        if (children && modes === BIT.recursive) continue;
        heard.add(watcher);
        if ((modes & BIT.once) !== 0) this.remove(path, watcher, 'once');
      }
    }
    if (!children && this.#recursive > 0) this.#triggerAbove(path, heard);
    return heard;
  }

  get counts(): WatchCounts {
    let watches = 0;
    for (const watchers of this.#byPath.values()) watches += watchers.size;
    return { watchers: this.#byWatcher.size, paths: this.#byPath.size, watches };
  }

  /** The paths that each watcher watches. */
  byWatcher(): ReadonlyMap<Watcher, ReadonlySet<string>> {
    return this.#byWatcher;
  }

  #triggerAbove(path: string, heard: Set<Watcher>): void {
    for (let above = parentOf(path); above !== ''; above = parentOf(above)) {
      for (const [watcher, modes] of this.#byPath.get(above) ?? []) {
        if ((modes & BIT.recursive) !== 0) heard.add(watcher);
      }
    }
  }

  #forget(path: string, watchers: Map<Watcher, Modes>, watcher: Watcher): void {
    watchers.delete(watcher);
    if (watchers.size === 0) this.#byPath.delete(path);
    const paths = this.#byWatcher.get(watcher);
    paths?.delete(path);
    if (paths?.size === 0) this.#byWatcher.delete(watcher);
  }
}

/** A sum of {@link BIT}. */
type Modes = number;

const BIT: Readonly<Record<WatchMode, Modes>> = { once: 1, persistent: 2, recursive: 4 };

/** A change as watches hear of it. */
export interface Change {
  readonly event: 'NodeCreated' | 'NodeDeleted' | 'NodeDataChanged' | 'NodeChildrenChanged';
  readonly path: string;
}

/** The watches of one server: on nodes' data and existence, and on their children. */
export class Watches<Watcher> {
  readonly data: WatchTable<Watcher> = new WatchTable();
  readonly children: WatchTable<Watcher> = new WatchTable();

  /** Watches that `addWatch` makes. */
  add(path: string, watcher: Watcher, mode: number): void {
    if (mode === AddWatchMode.persistentRecursive) this.data.add(path, watcher, 'recursive');
    else {
      this.data.add(path, watcher, 'persistent');
      this.children.add(path, watcher, 'persistent');
    }
  }

  /** Whether there is a watch of this `WatcherType`; `Data` and `Children` mean those for one time alone. */
  has(path: string, watcher: Watcher, type: number): boolean {
    switch (type) {
      case WatcherType.Children:
        return this.children.has(path, watcher, 'once');
      case WatcherType.Data:
        return this.data.has(path, watcher, 'once');
      case WatcherType.Persistent:
        return this.data.has(path, watcher, 'persistent');
      case WatcherType.PersistentRecursive:
        return this.data.has(path, watcher, 'recursive');
      default:
        return this.data.has(path, watcher) || this.children.has(path, watcher);
    }
  }

  /** @returns False when there was no watch of this `WatcherType`. */
  remove(path: string, watcher: Watcher, type: number): boolean {
    switch (type) {
      case WatcherType.Children:
        return this.children.remove(path, watcher, 'once');
      case WatcherType.Data:
        return this.data.remove(path, watcher, 'once');
      case WatcherType.Persistent: {
        const data = this.data.remove(path, watcher, 'persistent');
        return this.children.remove(path, watcher, 'persistent') || data;
      }
      case WatcherType.PersistentRecursive:
        return this.data.remove(path, watcher, 'recursive');
      default: {
        const data = this.data.remove(path, watcher);
        return this.children.remove(path, watcher) || data;
      }
    }
  }

  /** Who hears of a change. A deletion is heard by those who watch either, once. */
  trigger({ event, path }: Change): Set<Watcher> {
    if (event === 'NodeChildrenChanged') return this.children.trigger(path, true);
    const heard = this.data.trigger(path, false);
    if (event === 'NodeDeleted') for (const watcher of this.children.trigger(path, false)) heard.add(watcher);
    return heard;
  }

  removeWatcher(watcher: Watcher): void {
    this.data.removeWatcher(watcher);
    this.children.removeWatcher(watcher);
  }
}

/** The number of a change's event on the wire. */
export function eventTypeOf({ event }: Change): number {
  return EventType[event];
}
