/** An inclusive range of versions; empty when `highest` is below `lowest`. */
export interface VersionRange {
  readonly lowest: number;
  readonly highest: number;
}

/** The highest version that an int16 can name; what an open range ends with. */
export const MAX_VERSION = 0x7fff;

const NONE: VersionRange = { lowest: 0, highest: -1 };
const SYNTAX = /^(\d+)(\+|-(\d+))?$/;

/**
 * Reads a range as tables write it: `3`, `0-4`, `2+`, `none`.
 *
 * @throws RangeError for anything else.
 */
export function parseVersions(text: string | undefined): VersionRange {
  if (text === undefined || text === 'none') return NONE;
  const match = SYNTAX.exec(text);
  if (match === null) throw new RangeError(`'${text}' is not a range of versions; write it as 3, 0-4, 2+ or none`);
  const lowest = Number(match[1]);
  if (match[2] === undefined) return { lowest, highest: lowest };
  return { lowest, highest: match[2] === '+' ? MAX_VERSION : Number(match[3]) };
}

export function includesVersion(range: VersionRange, version: number): boolean {
  return version >= range.lowest && version <= range.highest;
}

/** Whether every version of `inner` lies in `outer`. */
export function coversVersions(outer: VersionRange, inner: VersionRange): boolean {
  return isEmptyRange(inner) || (outer.lowest <= inner.lowest && inner.highest <= outer.highest);
}

export function intersectVersions(a: VersionRange, b: VersionRange): VersionRange {
  return { lowest: Math.max(a.lowest, b.lowest), highest: Math.min(a.highest, b.highest) };
}

export function isEmptyRange(range: VersionRange): boolean {
  return range.highest < range.lowest;
}
