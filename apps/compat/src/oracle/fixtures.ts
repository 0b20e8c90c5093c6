import { join } from 'node:path';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { Oracle } from './oracle.ts';

/** Where the committed recordings lie. */
export const FIXTURES: string = join(
  import.meta.dirname,
  '..',
  '..',
  '..',
  '..',
  'packages',
  'kafka-wire',
  'test',
  'fixtures',
);

/** The seed of the committed recordings, and how many random samples each message and version has. */
const SEED = 20_251;
const RANDOM = 3;
const APACHE = '3.9.2';
const COMMAND = 'pnpm --filter @biquorum/compat record';

/** Content of every fixture file by name: a line that says where it comes from, then one recording a line. */
export async function fixtureLines(oracle: Oracle): Promise<ReadonlyMap<string, readonly string[]>> {
  const files = new Map<string, string[]>();
  for (const line of await oracle.messageLines(SEED, RANDOM)) {
    const jar = /^\{"jar":"([^"]+)"/.exec(line)?.[1];
    if (jar === undefined) throw new Error(`a recording names no jar: ${line.slice(0, 80)}`);
    const name = `messages-${jar.replace(/-[0-9.]+\.jar$/, '')}.jsonl.zst`;
    let lines = files.get(name);
    if (lines === undefined) {
      lines = [header(jar)];
      files.set(name, lines);
    }
    lines.push(line);
  }
  const clients = header(`kafka-clients-${APACHE}.jar`);
  files.set('record-batches.jsonl.zst', [clients, ...(await oracle.batchLines(SEED, RANDOM))]);
  files.set('definitions.jsonl.zst', [header(`kafka-*-${APACHE}.jar`), ...(await oracle.tableLines('definitions'))]);
  files.set('apis.jsonl.zst', [clients, ...(await oracle.tableLines('apis'))]);
  return files;
}

/** A fixture as it lies on disk: lines under zstd (`zstdcat` shows them). */
export function encodeFixture(lines: readonly string[], level = 19): Uint8Array {
  const params = { [constants.ZSTD_c_compressionLevel]: level, [constants.ZSTD_c_windowLog]: 24 };
  return zstdCompressSync(`${lines.join('\n')}\n`, { params });
}

/** Lines of a fixture as it lies on disk. */
export function decodeFixture(bytes: Uint8Array): readonly string[] {
  return zstdDecompressSync(bytes).toString().trimEnd().split('\n');
}

function header(jar: string): string {
  return JSON.stringify({ jar, command: COMMAND, seed: SEED, random: RANDOM });
}
