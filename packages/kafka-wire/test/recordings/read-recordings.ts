import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import type { Json, UnknownTags } from './java-json.ts';

/** One value of one message in one version, as Java wrote it. */
export interface Recording {
  readonly jar: string;
  /** Name of the message. */
  readonly m: string;
  /** Version. */
  readonly v: number;
  /** Kind of values; see `Values.Profile` in the recorder. */
  readonly sample: string;
  readonly hex: string;
  readonly json: Json;
  readonly unknown?: UnknownTags;
}

const FIXTURES = join(import.meta.dirname, '..', 'fixtures');

/** The recordings of messages, by message. `BIQUORUM_RECORDINGS` names a directory with fresh ones. */
export function readRecordings(): ReadonlyMap<string, readonly Recording[]> {
  const { BIQUORUM_RECORDINGS: directory = FIXTURES } = process.env;
  const byMessage = new Map<string, Recording[]>();
  for (const file of readdirSync(directory).sort()) {
    if (!file.startsWith('messages-')) continue;
    const [, ...lines] = linesOf(join(directory, file));
    for (const line of lines) {
      const recording = JSON.parse(line, exactInteger) as Recording;
      const known = byMessage.get(recording.m);
      if (known === undefined) byMessage.set(recording.m, [recording]);
      else known.push(recording);
    }
  }
  return byMessage;
}

/** The lines of a fixture, the first of which says where it comes from. */
export function fixtureLines(name: string): readonly string[] {
  return linesOf(join(FIXTURES, name));
}

function linesOf(path: string): readonly string[] {
  return zstdDecompressSync(readFileSync(path)).toString().trimEnd().split('\n');
}

/** Java writes 64-bit integers as numbers. */
function exactInteger(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  return context?.source !== undefined && /^-?\d+$/.test(context.source) ? BigInt(context.source) : value;
}
