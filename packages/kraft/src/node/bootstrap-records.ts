import { BatchCursor, checkBatch, describeBatchFault } from '@biquorum/kafka-wire';
import { type Disk, DiskError } from '@biquorum/platform';
import { LATEST_METADATA_LEVEL, METADATA_VERSION } from '../image/metadata-version.ts';
import type { VersionedRecord } from '../journal.ts';
import { decodeRecords } from '../quorum/metadata-batches.ts';

const FILE = 'bootstrap.checkpoint';
const BYTES_MAX = 64 << 20;

/**
 * The records with which the first active controller of a new cluster begins: those of `bootstrap.checkpoint`, or the
 * newest `metadata.version` where there is no such file.
 *
 * Source: Java `BootstrapDirectory.read`.
 *
 * @throws Error when the file is damaged
 */
export async function readBootstrapRecords(disk: Disk, directory: string): Promise<readonly VersionedRecord[]> {
  const path = `${directory}/${FILE}`;
  let bytes: Uint8Array;
  try {
    bytes = await disk.readWhole(path, BYTES_MAX);
  } catch (error) {
    if (error instanceof DiskError && error.code === 'not-found') return [NEWEST];
    throw error;
  }
  const records: VersionedRecord[] = [];
  const batches = new BatchCursor(bytes);
  while (batches.next()) {
    const { batch } = batches;
    const fault = checkBatch(batch);
    if (fault !== undefined)
      throw new Error(`${path} is damaged: ${describeBatchFault(fault)}; format the storage anew`);
    if (batch.isControl) continue;
    for (const { type, version, record } of decodeRecords(bytes.subarray(batch.position, batch.end))) {
      records.push({ message: { type, record } as VersionedRecord['message'], version });
    }
  }
  if (batches.fault === undefined) return records;
  throw new Error(`${path} is damaged: ${describeBatchFault(batches.fault)}; format the storage anew`);
}

const NEWEST: VersionedRecord = {
  message: { type: 'FeatureLevelRecord', record: { name: METADATA_VERSION, featureLevel: LATEST_METADATA_LEVEL } },
  version: 0,
};
