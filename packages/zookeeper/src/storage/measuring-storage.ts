import type { ServerMetrics } from '../metrics/server-metrics.ts';
import type { StorageOptions } from './storage-options.ts';

/** What a storage tells of its times, as metrics. */
export function measuringStorage({
  summaries,
}: ServerMetrics): Required<Pick<StorageOptions, 'onFsync' | 'onSnapshot' | 'onLoaded'>> {
  return {
    onFsync: (elapsedMs) => summaries.fsynctime.add(Math.round(elapsedMs)),
    onSnapshot: (elapsedMs) => summaries.snapshottime.add(Math.round(elapsedMs)),
    onLoaded: ({ snapshotMs, logMs, transactions }) => {
      summaries.startup_snap_load_time.add(Math.round(snapshotMs));
      summaries.startup_txns_load_time.add(Math.round(logMs));
      summaries.startup_txns_loaded.add(transactions);
    },
  };
}
