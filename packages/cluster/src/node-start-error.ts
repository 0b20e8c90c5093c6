/** A node in a process of its own did not come up; the message says which, and why. */
export class NodeStartError extends Error {
  override readonly name: string = 'NodeStartError';
}
