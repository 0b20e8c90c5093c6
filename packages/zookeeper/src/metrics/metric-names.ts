// Names and kinds of Java's `ServerMetrics`, so that tools find what they look for. What speaks of Java's threads, queues and
// caches, or is not measured here, is not among them: a zero would say something.

/** What only grows. */
export const COUNTERS = [
  'bytes_received_count',
  'cnxn_closed_without_zk_server_running',
  'commit_count',
  'connection_rejected',
  'connection_request_count',
  'connection_revalidate_count',
  'diff_count',
  'digest_mismatches_count',
  'large_requests_rejected',
  'learner_commit_received_count',
  'learner_proposal_received_count',
  'looking_count',
  'proposal_count',
  'request_throttle_wait_count',
  'response_bytes',
  'revalidate_count',
  'sessionless_connections_expired',
  'snap_count',
  'stale_requests_dropped',
  'stale_sessions_expired',
  'throttled_ops',
  'watch_bytes',
] as const;

/** Average, least, most, number and sum. */
export const SUMMARIES = [
  'connection_token_deficit',
  'dbinittime',
  'election_time',
  'follower_sync_time',
  'fsynctime',
  'leader_unavailable_time',
  'node_changed_watch_count',
  'node_children_watch_count',
  'node_created_watch_count',
  'node_deleted_watch_count',
  'observer_sync_time',
  'snapshottime',
  'startup_snap_load_time',
  'startup_txns_load_time',
  'startup_txns_loaded',
  'unavailable_time',
] as const;

/** Summaries with percentiles. */
export const PERCENTILES = ['readlatency', 'request_throttle_queue_time_ms', 'updatelatency'] as const;

/** The name of a counter. */
export type CounterName = (typeof COUNTERS)[number];
/** The name of a summary. */
export type SummaryName = (typeof SUMMARIES)[number] | (typeof PERCENTILES)[number];
