/** A property that a broker cannot work with: names key, value and what is allowed. */
export class SettingsError extends Error {
  override readonly name: string = 'SettingsError';
  readonly key: string;
  readonly value: string | null;

  constructor(key: string, value: string | null, reason: string) {
    super(`${key}=${value ?? ''}: ${reason}`);
    this.key = key;
    this.value = value;
  }
}
