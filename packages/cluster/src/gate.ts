/**
 * Decides whether a node's code runs: the one place through which everything from outside reaches it.
 *
 * A paused node gets nothing, and everything in order once it is resumed; a killed one gets nothing ever again.
 */
export class Gate {
  #state: 'open' | 'paused' | 'killed' = 'open';
  #held: (() => void)[] = [];

  get killed(): boolean {
    return this.#state === 'killed';
  }

  get paused(): boolean {
    return this.#state === 'paused';
  }

  /** Runs `callback` now, once the node is resumed, or never. */
  enter(callback: () => void): void {
    if (this.#state === 'open' && this.#held.length === 0) callback();
    else if (this.#state !== 'killed') this.#held.push(callback);
  }

  /** A promise whose outcome reaches the node through the gate. */
  pass<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      promise.then(
        (value) => this.enter(() => resolve(value)),
        (error: unknown) => this.enter(() => reject(error as Error)),
      );
    });
  }

  /** Call before anything that acts on the outside. @throws NodeKilled */
  check(): void {
    if (this.#state === 'killed') throw new NodeKilled();
  }

  pause(): void {
    if (this.#state === 'open') this.#state = 'paused';
  }

  resume(): void {
    if (this.#state !== 'paused') return;
    this.#state = 'open';
    const held = this.#held;
    this.#held = [];
    for (const [index, callback] of held.entries()) {
      // What a callback does may pause the node again: the rest keeps its place before whatever comes next.
      if (this.#state !== 'open') {
        this.#held = [...held.slice(index), ...this.#held];
        return;
      }
      callback();
    }
  }

  kill(): void {
    this.#state = 'killed';
    this.#held = [];
  }
}

/** Thrown by the ports of a node that has been killed: its code must not get any further. */
export class NodeKilled extends Error {
  override readonly name: string = 'NodeKilled';

  constructor() {
    super('this node has been killed; what still runs of it can touch nothing');
  }
}
