/** A file that does not hold what its name promises: which line, and why. The file is another process's or broken. */
export class FileFault extends Error {
  override readonly name = 'FileFault';
  /** What kind of file was read. */
  readonly file: string;

  constructor(file: string, reason: string) {
    super(`${file}: ${reason}`);
    this.file = file;
  }
}

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** `Integer.parseInt` in practice: no release writes a sign or more digits. */
const INTEGER = /^-?\d{1,10}$/;

/**
 * The text of a checkpoint: version 0, the number of entries, one line each.
 *
 * Source: `org.apache.kafka.server.common.CheckpointFile`.
 */
export function formatCheckpoint(lines: readonly string[]): Uint8Array<ArrayBuffer> {
  const text = lines.length === 0 ? '0\n0\n' : `0\n${lines.length}\n${lines.join('\n')}\n`;
  return ENCODER.encode(text);
}

/**
 * The entries of a checkpoint. A file without content, which Java makes before it first writes, has none.
 *
 * @param file what to call the file in an error.
 * @param parse reads one line; undefined if it is not of the right form.
 * @throws FileFault another version, a line that is not of the right form, or not as many lines as the file states.
 */
export function parseCheckpoint<T>(file: string, bytes: Uint8Array, parse: (line: string) => T | undefined): T[] {
  const lines = linesOf(file, bytes);
  const [version, count] = lines;
  if (version === undefined) return [];
  if (!INTEGER.test(version)) throw new FileFault(file, `line 1 is "${version}" where the version should stand`);
  if (Number(version) !== 0) throw new FileFault(file, `has version ${version}; only version 0 is known`);
  if (count === undefined) return [];
  if (!INTEGER.test(count)) throw new FileFault(file, `line 2 is "${count}" where the number of entries should stand`);
  const entries = lines.slice(2).map((line, index) => {
    const entry = parse(line);
    if (entry === undefined) throw new FileFault(file, `line ${index + 3} is malformed: "${line}"`);
    return entry;
  });
  if (entries.length !== Number(count)) {
    throw new FileFault(file, `states ${count} entries and has ${entries.length}; it was cut off or edited`);
  }
  return entries;
}

/**
 * The lines of a text file, without their ends (`\n`, `\r`, `\r\n`).
 *
 * @throws FileFault the bytes are not UTF-8.
 */
export function linesOf(file: string, bytes: Uint8Array): string[] {
  const lines = decodeText(file, bytes).split(/\r\n|\n|\r/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** The whole text of a file. @throws FileFault the bytes are not UTF-8. */
export function decodeText(file: string, bytes: Uint8Array): string {
  try {
    return DECODER.decode(bytes);
  } catch {
    throw new FileFault(file, 'is not UTF-8 text');
  }
}

/** A number from 0 to 2^53 − 1 in decimal digits; undefined for anything else. */
export function parseNatural(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,16}$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}
