import { UsageError } from '../command.ts';

/** Commas that are not within brackets: settings are lists, too. */
const COMMA = /,(?=[^\]]*(?:\[|$))/;

/** Reads `key=value,key=[value,value]`. @throws UsageError for a part without a key */
export function readAdditions(text: string): ReadonlyMap<string, string> {
  const additions = new Map<string, string>();
  for (const part of text.split(COMMA)) {
    if (part.trim() === '') continue;
    const at = part.indexOf('=');
    if (at <= 0)
      throw new UsageError(`--add-config ${part.trim()} is no key=value; lists stand in brackets, key=[a,b].`);
    const value = part.slice(at + 1).trim();
    additions.set(part.slice(0, at).trim(), /^\[.*\]$/s.test(value) ? value.slice(1, -1) : value);
  }
  return additions;
}

/** Reads `key,key`. */
export function readDeletions(texts: readonly string[]): readonly string[] {
  return texts
    .flatMap((text) => text.split(','))
    .map((key) => key.trim())
    .filter((key) => key !== '');
}
