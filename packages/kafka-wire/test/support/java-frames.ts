import { readFileSync } from 'node:fs';
import { fromHex } from './hex.ts';

/** Bytes that Java wrote, by what they are. */
export const javaFrames: ReadonlyMap<string, Uint8Array> = new Map(
  readFileSync(new URL('../java-frames.tsv', import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [title = '', hex = ''] = line.split('\t');
      return [title, fromHex(hex)];
    }),
);

/** @throws Error when Java wrote no such thing. */
export function javaFrame(title: string): Uint8Array {
  const bytes = javaFrames.get(title);
  if (bytes === undefined) throw new Error(`test/java-frames.tsv lacks '${title}'`);
  return bytes;
}
