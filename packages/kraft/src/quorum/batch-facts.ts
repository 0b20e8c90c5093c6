import type { Fields } from '@biquorum/platform';
import type { MetadataBatch } from '../journal.ts';

/** Of a long batch only so much is told. */
const RECORDS_MAX = 64;
const TEXT_MAX = 400;

/** What is told of a committed batch: where it stands, and its records, each with its content as short JSON. */
export function batchFacts({ baseOffset, endOffset, epoch, records }: MetadataBatch): Fields {
  return {
    baseOffset,
    endOffset,
    epoch,
    records: records.slice(0, RECORDS_MAX).map(({ type, record }) => ({ type, content: textOf(record) })),
  };
}

function textOf(content: object): string {
  const text = JSON.stringify(content, (name, value: unknown) => {
    if (name === 'unknownTags') return undefined;
    if (typeof value === 'bigint') return String(value);
    return value instanceof Uint8Array ? `${value.length} bytes` : value;
  });
  return text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX)}…` : text;
}
