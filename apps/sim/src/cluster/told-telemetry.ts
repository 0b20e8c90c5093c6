import type { Fields, LogLevel } from '@biquorum/platform';
import { CollectingTelemetry } from '@biquorum/platform/testing';

/** Tells of a node's events as they come, for somebody who wants to understand a seed. */
export class ToldTelemetry extends CollectingTelemetry {
  readonly #tell: (what: string) => void;
  readonly #own: Fields;

  constructor(tell: (what: string) => void, own: Fields = {}) {
    super();
    this.#tell = tell;
    this.#own = own;
  }

  override log(level: LogLevel, event: string, fields: Fields | (() => Fields) = {}): void {
    if (level === 'trace' || level === 'debug') return;
    const facts = { ...this.#own, ...(typeof fields === 'function' ? fields() : fields) };
    const texts = Object.entries(facts).map(([name, value]) => `${name}=${value}`);
    this.#tell(`${event} ${texts.join(' ')}`);
  }

  override child(fields: Fields): ToldTelemetry {
    return new ToldTelemetry(this.#tell, { ...this.#own, ...fields });
  }
}
