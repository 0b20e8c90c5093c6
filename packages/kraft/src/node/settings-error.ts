/** Properties that a node cannot work with: names key and value, and what would be right. */
export class KraftSettingsError extends Error {
  override readonly name: string = 'KraftSettingsError';
  readonly key: string;
  readonly value: string;

  constructor(key: string, value: string, reason: string) {
    super(`${key}=${value}: ${reason}`);
    this.key = key;
    this.value = value;
  }
}
