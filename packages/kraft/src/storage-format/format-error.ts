/** Why directories are not formatted: what stands in the way, and what to do about it. */
export class FormatError extends Error {
  override readonly name: string = 'FormatError';
}
