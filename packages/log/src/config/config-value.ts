import type { TopicConfigEntry } from './config-table.ts';

/** A setting that cannot be used: which, its value, and what would be right. */
export class ConfigFault extends Error {
  override readonly name = 'ConfigFault';
  /** Dotted name of the setting. */
  readonly setting: string;
  readonly value: string;

  constructor(setting: string, value: string, remedy: string) {
    super(`Invalid value ${value} for configuration ${setting}: ${remedy}`);
    this.setting = setting;
    this.value = value;
  }
}

/** A setting's value once it is read. */
export type ConfigValue = boolean | number | string | readonly string[];

const INT_LIMIT = 2n ** 31n;
const LONG_LIMIT = 2n ** 63n;

/**
 * Reads the text of a setting and checks it against its table entry. Spaces around it do not count. A long beyond ±2^53
 * comes back as an infinity, for that is what it is used for.
 *
 * @throws ConfigFault what is wrong.
 */
export function readConfigValue(entry: TopicConfigEntry, text: string): ConfigValue {
  const value = text.trim();
  switch (entry.type) {
    case 'boolean':
      return readBoolean(entry, value);
    case 'int':
      return inRange(entry, value, readInteger(entry, value, INT_LIMIT));
    case 'long':
      return inRange(entry, value, readInteger(entry, value, LONG_LIMIT));
    case 'double':
      return inRange(entry, value, readDouble(entry, value));
    case 'list':
      return value === '' ? [] : value.split(/\s*,\s*/).map((word) => oneOf(entry, word));
    case 'string':
      return oneOf(entry, value);
  }
}

function readBoolean({ name }: TopicConfigEntry, value: string): boolean {
  const word = value.toLowerCase();
  if (word !== 'true' && word !== 'false') throw new ConfigFault(name, value, 'must be true or false');
  return word === 'true';
}

function readInteger({ name, type }: TopicConfigEntry, value: string, limit: bigint): number {
  if (!/^[+-]?\d{1,20}$/.test(value)) throw new ConfigFault(name, value, `must be a whole number (${type})`);
  const exact = BigInt(value.startsWith('+') ? value.slice(1) : value);
  if (exact < -limit || exact >= limit) {
    throw new ConfigFault(name, value, `must lie between ${-limit} and ${limit - 1n}`);
  }
  const number = Number(exact);
  if (Number.isSafeInteger(number)) return number;
  return number < 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

function readDouble({ name }: TopicConfigEntry, value: string): number {
  const number = value === '' ? Number.NaN : Number(value);
  if (Number.isNaN(number)) throw new ConfigFault(name, value, 'must be a number');
  return number;
}

function inRange(entry: TopicConfigEntry, value: string, number: number): number {
  const { name, minimum, maximum, excluded } = entry;
  if (minimum !== undefined && number < minimum) throw new ConfigFault(name, value, `must be at least ${minimum}`);
  if (maximum !== undefined && number > maximum) throw new ConfigFault(name, value, `must be no more than ${maximum}`);
  if (excluded?.includes(number)) throw new ConfigFault(name, value, 'is not a value that the codec knows');
  return number;
}

function oneOf({ name, words }: TopicConfigEntry, word: string): string {
  if (words !== undefined && !words.includes(word)) {
    throw new ConfigFault(name, word, `must be one of ${words.join(', ')}`);
  }
  return word;
}
