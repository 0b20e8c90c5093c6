import { FileFault } from './checkpoint-text.ts';

/** Bytes of a properties file that are read at most. */
const PROPERTIES_BYTES_MAX = 1 << 20;

const ENCODER = new TextEncoder();
const ESCAPED: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' };
const ESCAPES: Readonly<Record<string, string>> = {
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
  '\f': '\\f',
  '\\': '\\\\',
  ':': '\\:',
  '=': '\\=',
  '#': '\\#',
  '!': '\\!',
};

/**
 * Reads a Java properties file (`meta.properties`, `server.properties`): comments, continued lines, escapes; of a key
 * that stands twice the last value counts. Bytes are taken as ISO 8859-1, as Java takes them.
 *
 * Source: `java.util.Properties.load(InputStream)`.
 *
 * @param file what to call the file in an error.
 * @throws FileFault the file is larger than 1 MiB, or has a broken `\u` escape.
 */
export function parseProperties(file: string, bytes: Uint8Array): Map<string, string> {
  if (bytes.length > PROPERTIES_BYTES_MAX) throw new FileFault(file, `is longer than ${PROPERTIES_BYTES_MAX} bytes`);
  const properties = new Map<string, string>();
  for (const line of logicalLines(decodeLatin1(bytes))) {
    const keyEnd = endOfKey(line);
    const value = line.slice(keyEnd).replace(/^[ \t\f]*[=:]?[ \t\f]*/, '');
    properties.set(readEscapes(file, line.slice(0, keyEnd)), readEscapes(file, value));
  }
  return properties;
}

/**
 * The text of a Java properties file, one line for each entry in the order of the map, encoded as UTF-8.
 *
 * Source: `java.util.Properties.store(Writer)`.
 */
export function formatProperties(properties: ReadonlyMap<string, string>): Uint8Array<ArrayBuffer> {
  let text = '';
  for (const [key, value] of properties) text += `${writeEscapes(key, true)}=${writeEscapes(value, false)}\n`;
  return ENCODER.encode(text);
}

function decodeLatin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/** Lines without comments and blanks, each continued line joined to its successors. */
function logicalLines(text: string): string[] {
  const lines: string[] = [];
  let continued: string | undefined;
  for (const natural of text.split(/\r\n|\n|\r/)) {
    const line = natural.replace(/^[ \t\f]+/, '');
    if (continued === undefined && (line === '' || line.startsWith('#') || line.startsWith('!'))) continue;
    const joined = (continued ?? '') + line;
    if (endsWithEscape(joined)) {
      continued = joined.slice(0, -1);
    } else {
      lines.push(joined);
      continued = undefined;
    }
  }
  if (continued) lines.push(continued);
  return lines;
}

/** Whether the line ends with an odd number of backslashes. */
function endsWithEscape(line: string): boolean {
  let backslashes = 0;
  while (line.charAt(line.length - 1 - backslashes) === '\\') backslashes++;
  return backslashes % 2 === 1;
}

function endOfKey(line: string): number {
  for (let index = 0; index < line.length; index++) {
    const character = line.charAt(index);
    if (character === '\\') index++;
    else if ('=: \t\f'.includes(character)) return index;
  }
  return line.length;
}

function readEscapes(file: string, text: string): string {
  return text.replace(/\\(u[0-9a-fA-F]{4}|[\s\S])/g, (_, escaped: string) => {
    if (escaped.length > 1) return String.fromCharCode(Number.parseInt(escaped.slice(1), 16));
    if (escaped === 'u') throw new FileFault(file, `has a \\u escape without four hexadecimal digits in "${text}"`);
    return ESCAPED[escaped] ?? escaped;
  });
}

function writeEscapes(text: string, isKey: boolean): string {
  const escaped = text.replace(/[\t\n\r\f\\:=#!]/g, (character) => ESCAPES[character] ?? character);
  return isKey ? escaped.replaceAll(' ', '\\ ') : escaped.replace(/^ /, '\\ ');
}
