import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { ReadRecord } from '../src/client/read-batches.ts';
import { formatter, formatterNamed, jsonLine } from '../src/console/formatter.ts';
import { LineReader } from '../src/console/line-reader.ts';
import { lines } from '../src/console/lines.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (bytes: Uint8Array | null): string | null => (bytes === null ? null : new TextDecoder().decode(bytes));

describe('lines of a stream', () => {
  const read = async (...chunks: string[]): Promise<(string | null)[]> => {
    const found: (string | null)[] = [];
    for await (const line of lines(Readable.from(chunks.map((chunk) => Buffer.from(chunk))))) found.push(text(line));
    return found;
  };

  it('are cut at line feeds alone, wherever chunks are cut; carriage returns before them go', async () => {
    expect(await read('a\nb', 'c\r\n', '\nd\u2028e\n')).toEqual(['a', 'bc', '', 'd\u2028e']);
    expect(await read('no end')).toEqual(['no end']);
    expect(await read('')).toEqual([]);
  });
});

describe('the reader of lines', () => {
  const read = (properties: Record<string, string>, line: string) => {
    const { key, value, headers } = new LineReader(new Map(Object.entries(properties))).read(utf8(line));
    return { key: text(key), value: text(value), headers: headers.map((one) => [one.key, text(one.value)]) };
  };

  it('takes the line as it is, unless it is told that there is a key', () => {
    expect(read({}, 'a\tb')).toEqual({ key: null, value: 'a\tb', headers: [] });
    expect(read({ 'parse.key': 'true' }, 'a\tb\tc')).toEqual({ key: 'a', value: 'b\tc', headers: [] });
    expect(read({ 'parse.key': 'true', 'key.separator': '→' }, 'ä→ö')).toEqual({ key: 'ä', value: 'ö', headers: [] });
  });

  it('reads headers before the key', () => {
    expect(read({ 'parse.key': 'true', 'parse.headers': 'true' }, 'h1:v1,h2:v:2\tk\tv')).toEqual({
      key: 'k',
      value: 'v',
      headers: [
        ['h1', 'v1'],
        ['h2', 'v:2'],
      ],
    });
  });

  it('takes the marker for null: of headers, key and value', () => {
    const properties = { 'parse.key': 'true', 'parse.headers': 'true', 'null.marker': 'NULL' };
    expect(read(properties, 'NULL\tNULL\tNULL')).toEqual({ key: null, value: null, headers: [] });
    expect(read(properties, 'h:NULL\tk\tv').headers).toEqual([['h', null]]);
  });

  it('names the line without a separator, or takes it as a value if it is told to', () => {
    expect(() => read({ 'parse.key': 'true' }, 'ab')).toThrow("No key separator found on line number 1: 'ab'");
    expect(read({ 'parse.key': 'true', 'ignore.error': 'true' }, 'ab')).toEqual({
      key: null,
      value: 'ab',
      headers: [],
    });
  });

  it('refuses properties that it does not know', () => {
    expect(() => read({ 'parse.keys': 'true' }, '')).toThrow('--property parse.keys is none of parse.key,');
  });
});

describe('the formatter of records', () => {
  const record: ReadRecord = {
    topic: 't',
    partition: 2,
    offset: 5,
    timestampType: 'create-time',
    timestampMs: 1_000,
    leaderEpoch: 0,
    key: utf8('k'),
    value: null,
    headers: [
      { key: 'h', value: utf8('1') },
      { key: 'i', value: null },
    ],
  };
  const format = (properties: Record<string, string>, one = record): string | null =>
    text(formatter(new Map(Object.entries(properties)))(one));
  const all = Object.fromEntries(
    ['timestamp', 'partition', 'offset', 'headers', 'key'].map((name) => [`print.${name}`, 'true']),
  );

  // The line that Apache's DefaultMessageFormatter (3.9) prints of such a record.
  it('prints what is wanted in the order that Apache prints it in', () => {
    expect(format(all)).toBe('CreateTime:1000\tPartition:2\tOffset:5\th:1,i:null\tk\tnull\n');
    expect(format({})).toBe('null\n');
    expect(format({ 'print.key': 'true', 'print.value': 'false', 'line.separator': ';' })).toBe('k;');
    expect(format({ 'null.literal': '∅', 'print.key': 'true', 'key.separator': '=' })).toBe('k=∅\n');
  });

  it('says where there is no time and no header', () => {
    const bare = { ...record, timestampMs: -1, headers: [] };
    expect(format(all, bare)).toBe('NO_TIMESTAMP\tPartition:2\tOffset:5\tNO_HEADERS\tk\tnull\n');
    expect(format(all, { ...record, timestampType: 'log-append-time' })).toMatch(/^LogAppendTime:1000\t/);
  });

  it('prints keys and values as what they are said to be, in the words of Java', () => {
    const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));
    const of = (deserializer: string, hex: string): string | null =>
      format({ 'value.deserializer': deserializer }, { ...record, value: bytes(hex) });
    expect(of('org.apache.kafka.common.serialization.LongDeserializer', '00000000000f4241')).toBe('1000001\n');
    expect(of('LongDeserializer', 'ffffffffffffffff')).toBe('-1\n');
    expect(of('IntegerDeserializer', 'fffffffe')).toBe('-2\n');
    expect(of('ShortDeserializer', '0102')).toBe('258\n');
    expect(of('DoubleDeserializer', '4008000000000000')).toBe('3.0\n');
    expect(of('StringDeserializer', 'c3a4')).toBe('ä\n');
    expect(() => of('LongDeserializer', '00')).toThrow('has 1 bytes where its deserializer takes 8');
    expect(() => of('com.example.Mine', '00')).toThrow('There are StringDeserializer, ByteArrayDeserializer,');
    expect(format({ 'value.deserializer': 'LongDeserializer' })).toBe('null\n');
  });

  it('may be one that prints nothing; others are refused by name', () => {
    expect(formatterNamed('org.apache.kafka.tools.consumer.NoOpMessageFormatter', new Map())(record)).toHaveLength(0);
    expect(text(formatterNamed('kafka.tools.DefaultMessageFormatter', new Map())(record))).toBe('null\n');
    expect(() => formatterNamed('OffsetsMessageFormatter', new Map())).toThrow('biquorum dump-log');
  });

  it('keeps bytes that are no text, also in JSON', () => {
    const odd = { ...record, value: Uint8Array.of(0xff, 0) };
    expect(formatter(new Map())(odd).subarray(0, 2)).toEqual(Buffer.from([0xff, 0]));
    expect(JSON.parse(jsonLine(odd))).toMatchObject({ key: 'k', value: null, valueBase64: '/wA=' });
  });
});
