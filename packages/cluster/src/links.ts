/**
 * Which nodes of this process can reach each other. Who is at the other end of a connection is known by its port:
 * every node tells on which ports it listens and from which it calls. Whoever else there is, such as clients, can reach
 * everybody.
 */
export class Links {
  /** Nobody at the other ends knows of the cuts: what this side does must not get there either. */
  readonly oneSided: boolean;
  readonly #owners: Map<number, number> = new Map();
  readonly #watchers: Set<() => void> = new Set();
  #islands: readonly ReadonlySet<number>[] = [];

  constructor({ oneSided = false }: { readonly oneSided?: boolean } = {}) {
    this.oneSided = oneSided;
  }

  /** Nothing is cut. */
  get intact(): boolean {
    return this.#islands.length === 0;
  }

  /** Cuts these nodes off from all others; among themselves they can still talk. Adds to the cuts there are. */
  cut(nodes: Iterable<number>): void {
    this.#islands = [...this.#islands, new Set(nodes)];
    this.#changed();
  }

  /** Cuts these nodes off from all others, and nobody else. */
  cutOnly(nodes: Iterable<number>): void {
    const island = new Set(nodes);
    this.#islands = island.size === 0 ? [] : [island];
    this.#changed();
  }

  /** Undoes every cut. */
  heal(): void {
    if (this.intact) return;
    this.#islands = [];
    this.#changed();
  }

  /** The nodes that cuts have named, ascending. */
  get cutOff(): readonly number[] {
    return [...new Set(this.#islands.flatMap((island) => [...island]))].sort((one, other) => one - other);
  }

  /** Is there a cut between these two? */
  severed(one: number, other: number): boolean {
    return this.#islands.some((island) => island.has(one) !== island.has(other));
  }

  /** From now on this port is the node's. */
  claim(port: number, node: number): void {
    this.#owners.set(port, node);
  }

  /** The port is nobody's, if it still was the node's. */
  release(port: number, node: number): void {
    if (this.#owners.get(port) === node) this.#owners.delete(port);
  }

  /** Whose port it is; undefined for what is no node. */
  ownerOf(port: number): number | undefined {
    return this.#owners.get(port);
  }

  /** Calls `watcher` after each cut and each healing. @returns ends that */
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }

  #changed(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }
}
