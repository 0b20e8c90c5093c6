import { UsageError } from './command.ts';

/** Reads `key=value` of an option that may come several times. @throws UsageError for what is none */
export function readPairs(flag: string, texts: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    texts.map((text): [string, string] => {
      const at = text.indexOf('=');
      if (at <= 0) throw new UsageError(`${flag} ${text} is no key=value.`);
      return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
    }),
  );
}
