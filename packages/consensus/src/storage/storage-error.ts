/**
 * What storage found damaged, or cannot take. Acknowledged data may be gone: the node must not go on, or it would forget
 * promises.
 */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly path: string;

  /** @param remedy What to do about it; by default, what helps against damage. */
  constructor(path: string, detail: string, remedy: string = AGAINST_DAMAGE) {
    super(`${path}: ${detail}; ${remedy}`);
    this.path = path;
  }
}

const AGAINST_DAMAGE = "remove this replica's directory and let it join anew as another disk";
