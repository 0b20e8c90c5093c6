/** Data of a znode that is not what Kafka writes there. */
export class ZnodeError extends Error {
  override readonly name: string = 'ZnodeError';

  /** @param what the znode's kind or path, @param text its data, @param detail what is wrong with it */
  constructor(what: string, text: string, detail: string) {
    super(`${what}: ${detail} in ${text.length > 200 ? `${text.slice(0, 200)}…` : text}`);
  }
}
