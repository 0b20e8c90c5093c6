import type { ConfigEntry } from '@biquorum/control-plane';
import { allowedValues } from './allowed-values.ts';
import { doubleText } from './double-text.ts';
import { isProtocolVersion } from './protocol-versions.ts';

/** A setting's value: whole numbers beyond ±2^53 are infinities, for that is what they are used for. */
export type ConfigValue = boolean | number | string | readonly string[];

/** A value and how Kafka writes it, or what would be right instead. */
export type ValueReading =
  | { readonly ok: true; readonly value: ConfigValue; readonly text: string }
  | { readonly ok: false; readonly allowed: string };

/**
 * Reads the text of a setting as its row demands. Spaces around it do not count.
 *
 * Source: Java `ConfigDef.parseType`, `ConfigDef.convertToString` and the validators of `KafkaConfig`. Unlike there, a
 * double is never NaN or in hexadecimal, and a class is not looked for.
 */
export function readValue(entry: ConfigEntry, given: string): ValueReading {
  const text = given.trim();
  const reading = ofType(entry, text);
  return reading !== undefined && hasFormat(entry, reading.value)
    ? { ok: true, ...reading }
    : { ok: false, allowed: allowedValues(entry) };
}

type Reading = { readonly value: ConfigValue; readonly text: string } | undefined;

const INTEGER_LIMITS = { short: 2n ** 15n, int: 2n ** 31n, long: 2n ** 63n };

function ofType(entry: ConfigEntry, text: string): Reading {
  switch (entry.type) {
    case 'boolean':
      return readBoolean(text.toLowerCase());
    case 'short':
    case 'int':
    case 'long':
      return readInteger(entry, text, INTEGER_LIMITS[entry.type]);
    case 'double':
      return readDouble(entry, text);
    case 'list': {
      const items = text === '' ? [] : text.split(/\s*,\s*/);
      return items.every((item) => isWord(entry, item)) ? { value: items, text: items.join(',') } : undefined;
    }
    case 'string':
      return isWord(entry, text) ? { value: text, text } : undefined;
    case 'class':
      return text === '' ? undefined : { value: text, text };
    case 'password':
      return { value: text, text };
  }
}

function readBoolean(word: string): Reading {
  return word === 'true' || word === 'false' ? { value: word === 'true', text: word } : undefined;
}

function readInteger(entry: ConfigEntry, text: string, limit: bigint): Reading {
  if (!/^[+-]?\d{1,20}$/.test(text)) return undefined;
  const exact = BigInt(text.startsWith('+') ? text.slice(1) : text);
  if (exact < -limit || exact >= limit) return undefined;
  const rounded = Number(exact);
  const value = Number.isSafeInteger(rounded) ? rounded : rounded * Number.POSITIVE_INFINITY;
  return isInRange(entry, value) ? { value, text: String(exact) } : undefined;
}

function readDouble(entry: ConfigEntry, text: string): Reading {
  if (!/^[+-]?(Infinity|(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?[dDfF]?)$/.test(text)) return undefined;
  const value = Number(text.replace(/[dDfF]$/, ''));
  return isInRange(entry, value) ? { value, text: doubleText(value) } : undefined;
}

function isInRange({ minimum, maximum, excluded }: ConfigEntry, value: number): boolean {
  if (minimum !== undefined && value < minimum) return false;
  if (maximum !== undefined && value > maximum) return false;
  return excluded === undefined || !excluded.includes(value);
}

function isWord({ words, format }: ConfigEntry, word: string): boolean {
  if (words === undefined || words.includes(word)) return true;
  return format === 'any-case' && words.includes(word.toUpperCase());
}

// As lenient as Java, which finds fault with a host when it connects.
const VOTER = /^\d+@[\w%.:[\]-]*:\d{1,5}$/;
const ADDRESS = /:\d{1,5}$/;
const HOST_COUNT = /^([\w%.:-]+\s*:\s*\d{1,10})?$/;

function hasFormat({ format }: ConfigEntry, value: ConfigValue): boolean {
  const items = Array.isArray(value) ? (value as readonly string[]) : [];
  if (format === undefined) return true;
  switch (format) {
    case 'any-case':
      return true;
    case 'non-empty':
      return value !== '';
    case 'protocol-version':
      return isProtocolVersion(value as string);
    case 'voters':
      return items.every((item) => VOTER.test(item));
    case 'addresses':
      return items.every((item) => ADDRESS.test(item));
    case 'host-counts':
      return (value as string).split(',').every((item) => HOST_COUNT.test(item.trim()));
    case 'throttled-replicas':
      return items.join('') === '*' || items.every((item) => /^(\d+:\d+)?$/.test(item));
  }
}
