import { METADATA_VERSIONS } from '../image/metadata-version.ts';

/** Releases that had no quorum, or none that could be formatted, and the last version of each. */
const BEFORE_KRAFT: Readonly<Record<string, string>> = {
  '2.0': '2.0-IV1',
  '2.1': '2.1-IV2',
  '2.2': '2.2-IV1',
  '2.3': '2.3-IV1',
  '2.4': '2.4-IV1',
  '2.5': '2.5-IV0',
  '2.6': '2.6-IV0',
  '2.7': '2.7-IV2',
  '2.8': '2.8-IV1',
};

/** What a name of a release stands for. */
export type ReleaseReading =
  | { readonly kind: 'level'; readonly level: number }
  | { readonly kind: 'too-old'; readonly name: string }
  | { readonly kind: 'unknown' };

/** Reads `3.9-IV0`, `3.9` (the last version of that release) or `3.9.2`. Source: `MetadataVersion.fromVersionString`. */
export function readRelease(text: string): ReleaseReading {
  const release = text.split('.').slice(0, 2).join('.');
  const known = METADATA_VERSIONS.findLast(({ name }) => name === release || name.startsWith(`${release}-`));
  if (known !== undefined) return { kind: 'level', level: known.level };
  const old = BEFORE_KRAFT[release] ?? (/^([0-2]\.\d+-IV\d|3\.0-IV0)$/.test(release) ? release : undefined);
  return old === undefined ? { kind: 'unknown' } : { kind: 'too-old', name: old };
}
