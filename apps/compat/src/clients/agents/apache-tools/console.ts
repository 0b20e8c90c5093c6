import { CLIENT_MAX_BYTES, type ConsumedRecord, PATIENCE_MS, type RequestOf } from '../../agent-protocol.ts';

/** Characters that no record has, to tell its parts apart. */
const MARK = { record: '\x1e', field: '\x1f', header: '\x1d', headerValue: '\x1c', null: '\x02' } as const;
/** How long the producer waits for one answer: several times within its patience. */
const REQUEST_MS = 15_000;
/** How long the broker may hold back an empty answer: a consumer that ends waits for it. */
const FETCH_WAIT_MS = 100;
/** What the console consumer prints instead of headers where there are none. */
const NO_HEADERS = 'NO_HEADERS';

/** Arguments of `kafka-console-producer`. Its own defaults, three repetitions within 1.5 s each, are too impatient. */
export function producerArguments(request: RequestOf<'produce'>): readonly string[] {
  return [
    ...['--topic', request.topic, '--compression-codec', request.codec],
    ...['--request-required-acks', `${request.acks}`, '--timeout', request.overMs === undefined ? '5' : '0'],
    ...['--request-timeout-ms', `${REQUEST_MS}`, '--message-send-max-retries', '2147483647'],
    ...['--max-memory-bytes', `${CLIENT_MAX_BYTES}`],
    ...pairs('--producer-property', {
      'enable.idempotence': request.idempotent,
      'max.in.flight.requests.per.connection': request.idempotent ? 5 : 1,
      'max.request.size': CLIENT_MAX_BYTES,
      'delivery.timeout.ms': PATIENCE_MS,
    }),
    ...pairs('--property', {
      'parse.key': true,
      'parse.headers': true,
      'key.separator': MARK.field,
      'headers.delimiter': MARK.record,
      'headers.separator': MARK.header,
      'headers.key.separator': MARK.headerValue,
      'null.marker': MARK.null,
    }),
  ];
}

/** The line that `kafka-console-producer` reads a record from. */
export function lineOf({ key, value, headers = [] }: RequestOf<'produce'>['records'][number]): string {
  const parts = headers.map(([name, text]) => `${name}${MARK.headerValue}${text ?? MARK.null}`);
  const head = parts.length === 0 ? MARK.null : parts.join(MARK.header);
  const line = `${head}${MARK.record}${key ?? MARK.null}${MARK.field}${value ?? MARK.null}`;
  if (/[\r\n]/.test(line)) throw new Error('the console producer cannot write records with line breaks');
  return `${line}\n`;
}

/** Arguments with which `kafka-console-consumer` prints what {@link RecordParser} reads. */
export const PRINTING: readonly string[] = [
  ...pairs('--property', {
    'print.timestamp': true,
    'print.partition': true,
    'print.offset': true,
    'print.headers': true,
    'print.key': true,
    'print.value': true,
    'key.separator': MARK.field,
    'headers.separator': MARK.header,
    'line.separator': `${MARK.record}\n`,
    'null.literal': MARK.null,
  }),
  ...pairs('--consumer-property', { 'fetch.max.wait.ms': FETCH_WAIT_MS }),
];

/** Options that set several properties. */
export function pairs(
  option: string,
  properties: Readonly<Record<string, string | number | boolean>>,
): readonly string[] {
  return Object.entries(properties).flatMap(([name, value]) => [option, `${name}=${value}`]);
}

/** Reads records from lines that `kafka-console-consumer` prints. A record may have line breaks. */
export class RecordParser {
  readonly #topic: string;
  readonly #onRecord: (record: ConsumedRecord) => void;
  #begun = '';

  constructor(topic: string, onRecord: (record: ConsumedRecord) => void) {
    this.#topic = topic;
    this.#onRecord = onRecord;
  }

  take(line: string): void {
    this.#begun += line;
    if (!line.endsWith(MARK.record)) {
      this.#begun += '\n';
      return;
    }
    const [timestamp = '', partition = '', offset = '', headers = '', key = '', value = ''] = this.#begun
      .slice(0, -1)
      .split(MARK.field);
    this.#begun = '';
    this.#onRecord({
      topic: this.#topic,
      partition: afterColon(partition),
      offset: afterColon(offset),
      timestamp: afterColon(timestamp),
      key: key === MARK.null ? null : key,
      value: value === MARK.null ? null : value,
      headers: headers === NO_HEADERS ? [] : headers.split(MARK.header).map(headerOf),
    });
  }
}

/** The number in `Offset:5`. */
function afterColon(text: string): number {
  return Number(text.slice(text.indexOf(':') + 1));
}

function headerOf(text: string): readonly [string, string | null] {
  const colon = text.indexOf(':');
  const value = text.slice(colon + 1);
  return [text.slice(0, colon), value === MARK.null ? null : value];
}
