import type { MetadataRecord } from '@biquorum/kafka-wire/metadata-records';
import { assert } from '@biquorum/std';
import type { MetadataImage } from '../image/image.ts';
import { METADATA_VERSION, MINIMUM_METADATA_LEVEL, since } from '../image/metadata-version.ts';

/**
 * What a controller writes when it becomes active.
 *
 * Into an empty log: the bootstrap records and the state of migration, from 3.6-IV1 on as one metadata transaction, so
 * that a crash half-way leaves nothing. Into any other: an abort of a transaction that a predecessor left open, and the
 * end of a migration from ZooKeeper that this node is not configured to go on with.
 *
 * Source: Java `ActivationRecordsGenerator`.
 */
export function activationRecords(
  image: MetadataImage,
  bootstrap: readonly MetadataRecord[],
): readonly MetadataRecord[] {
  const aborts: MetadataRecord[] =
    image.transaction === null
      ? []
      : [{ type: 'AbortTransactionRecord', version: 0, record: { reason: 'Controller failover' } }];
  if (!isEmpty(image)) {
    const records = [...aborts];
    if (image.metadataLevel >= since.migration && image.zkMigrationState === MIGRATION) {
      records.push({ type: 'ZkMigrationStateRecord', version: 0, record: { zkMigrationState: POST_MIGRATION } });
    }
    return records;
  }
  const level = bootstrapLevel(bootstrap);
  if (level < since.transactions) {
    assert(aborts.length === 0, () => `a transaction is open in the log, but bootstrap level ${level} has none`);
    return bootstrap;
  }
  return [
    ...aborts,
    { type: 'BeginTransactionRecord', version: 0, record: { name: 'Bootstrap records' } },
    ...bootstrap,
    { type: 'ZkMigrationStateRecord', version: 0, record: { zkMigrationState: 0 } },
    { type: 'EndTransactionRecord', version: 0, record: {} },
  ];
}

const MIGRATION = 1;
const POST_MIGRATION = 3;

function isEmpty(image: MetadataImage): boolean {
  const { view, brokers, controllers, quotas, scram, acls, tokens, nextProducerId } = image;
  const maps = [view.topics, view.fields.configs, brokers, controllers, quotas, scram, acls, tokens];
  return view.features.levels.size === 0 && nextProducerId < 0 && maps.every(({ size }) => size === 0);
}

function bootstrapLevel(bootstrap: readonly MetadataRecord[]): number {
  for (const { type, record } of bootstrap) {
    if (type === 'FeatureLevelRecord' && record.name === METADATA_VERSION) return record.featureLevel;
  }
  return MINIMUM_METADATA_LEVEL;
}
