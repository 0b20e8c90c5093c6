/** What storage found damaged. Acknowledged data may be gone: the node must not start, or it would forget promises. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly path: string;

  constructor(path: string, detail: string) {
    super(`${path}: ${detail}; remove this replica's directory and let it join anew as another disk`);
    this.path = path;
  }
}
