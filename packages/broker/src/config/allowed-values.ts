import type { ConfigEntry } from '@biquorum/control-plane';

const BOUNDS = {
  short: { least: '-32768', most: '32767' },
  int: { least: '-2147483648', most: '2147483647' },
  long: { least: '-9223372036854775808', most: '9223372036854775807' },
};

/** What may stand as the value of a setting, as the end of a sentence: `a whole number from 1 to 2147483647`. */
export function allowedValues(entry: ConfigEntry): string {
  const { type, words } = entry;
  switch (type) {
    case 'boolean':
      return 'true or false';
    case 'short':
    case 'int':
    case 'long':
      return `a whole number ${range(entry, BOUNDS[type])}`;
    case 'double':
      return entry.minimum === undefined ? 'a number' : `a number ${range(entry, { least: '', most: 'infinity' })}`;
    case 'list':
      return words === undefined ? (formatOf(entry) ?? 'a list') : `a list of ${words.join(', ')}`;
    case 'string':
      return words === undefined ? (formatOf(entry) ?? 'a text') : `one of ${words.join(', ')}`;
    case 'class':
      return 'the name of a class';
    case 'password':
      return 'a text';
  }
}

function range(
  { minimum, maximum, excluded }: ConfigEntry,
  { least, most }: { readonly least: string; readonly most: string },
): string {
  const bounds = `from ${minimum ?? least} to ${maximum ?? most}`;
  return excluded === undefined ? bounds : `${bounds} but not ${excluded.join(', ')}`;
}

function formatOf({ format }: ConfigEntry): string | undefined {
  switch (format) {
    case undefined:
    case 'any-case':
      return undefined;
    case 'non-empty':
      return 'a text that is not empty';
    case 'protocol-version':
      return 'a version such as 3.9 or 3.9-IV0';
    case 'voters':
      return 'a list of id@host:port';
    case 'addresses':
      return 'a list of host:port';
    case 'host-counts':
      return 'a list of host:count';
    case 'throttled-replicas':
      return 'a list of partition:broker, or *';
  }
}
