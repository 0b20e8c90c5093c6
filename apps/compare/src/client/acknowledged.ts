import { BatchCursor, forEachRecord } from '@biquorum/kafka-wire';
import type { ClusterClient } from './cluster-client.ts';
import { fetchRecords } from './requests.ts';

/** What was acknowledged of one partition: the number that each record carries, by its offset. */
export type Acknowledged = ReadonlyMap<number, number>;

const VALUE_BYTES = 100;
const NO_CODECS = { codecs: {}, maxBytes: 1 << 20 };
const FETCH_WAIT_MS = 100;

/** The value of a record with this number. */
export function numberedValue(number: number): Uint8Array {
  const value = new Uint8Array(VALUE_BYTES).fill(0x78);
  new DataView(value.buffer).setUint32(0, number);
  return value;
}

/** Reads a partition from its beginning as a consumer does. @returns how many acknowledged records it does not have */
export async function countLost(
  client: ClusterClient,
  { topic, partition }: { readonly topic: string; readonly partition: number },
  acknowledged: Acknowledged,
): Promise<number> {
  let end = 0;
  for (const at of acknowledged.keys()) end = Math.max(end, at + 1);
  const found = new Map<number, number>();
  let offset = 0;
  await client.until(`${topic}-${partition} can be read up to offset ${end}`, async () => {
    const leader = client.at(await client.untilLeader(topic, partition));
    while (offset < end) {
      const { error, records, next } = await fetchRecords(leader, { topic, partition, offset }, FETCH_WAIT_MS);
      if (error !== 0 || next === offset) return undefined;
      for (const [at, number] of numbersIn(records)) found.set(at, number);
      offset = next;
    }
    return true;
  });
  return [...acknowledged].filter(([at, number]) => found.get(at) !== number).length;
}

function numbersIn(records: Uint8Array): readonly (readonly [offset: number, number: number])[] {
  const numbers: [number, number][] = [];
  const batches = new BatchCursor(records);
  while (batches.next()) {
    forEachRecord(batches.batch, NO_CODECS, (record) => {
      const value = record.value();
      if (value !== null && value.length >= 4) {
        numbers.push([record.offset, new DataView(value.buffer, value.byteOffset).getUint32(0)]);
      }
    });
  }
  return numbers;
}
