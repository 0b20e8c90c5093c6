import type { ConfigEntry } from '@biquorum/control-plane';
import { assert } from '@biquorum/std';
import { brokerKey } from './broker-keys.ts';
import type { ConfigProperties } from './layers.ts';
import { type ConfigValue, readValue } from './read-value.ts';
import { SettingsError } from './settings-error.ts';

/** Longer than any process runs, and short enough for any clock to count. */
const DURATION_MS_MAX = 2 ** 42;

/** Typed access to properties, with types, ranges and defaults of the table. */
export class PropertyValues {
  readonly #properties: ConfigProperties;

  constructor(properties: ConfigProperties) {
    this.#properties = properties;
  }

  /** As it was given; undefined where the default holds. */
  given(name: string): string | undefined {
    return this.#properties.get(name)?.trim();
  }

  /** Null for none. */
  text(name: string): string | null {
    return this.given(name) ?? row(name).defaultValue;
  }

  /** Items of a list, or of a text that is one, without those that are empty; null for none. */
  list(name: string): string[] | null {
    const text = this.text(name);
    if (text === null) return null;
    const items = text.split(',').map((item) => item.trim());
    return items.filter((item) => item !== '');
  }

  flag(name: string): boolean {
    const value = this.#read(name);
    assert(typeof value === 'boolean', () => `${name} must be a flag of the table`);
    return value;
  }

  /** Beyond ±2^53 an infinity. */
  number(name: string): number {
    const value = this.#read(name);
    assert(typeof value === 'number', () => `${name} must be a number of the table`);
    return value;
  }

  /** Undefined where nothing is given and there is no default. */
  optionalNumber(name: string): number | undefined {
    return this.text(name) === null ? undefined : this.number(name);
  }

  /** A time that timers can count; what is negative is for ever. */
  durationMs(name: string): number {
    const value = this.number(name);
    return value < 0 ? DURATION_MS_MAX : Math.min(value, DURATION_MS_MAX);
  }

  #read(name: string): ConfigValue {
    const entry = row(name);
    const text = this.text(name) ?? '';
    const reading = readValue(entry, text);
    if (!reading.ok) throw new SettingsError(name, text, `must be ${reading.allowed}`);
    return reading.value;
  }
}

function row(name: string): ConfigEntry {
  const entry = brokerKey(name);
  assert(entry !== undefined, () => `${name} is not in the table of keys`);
  return entry;
}
