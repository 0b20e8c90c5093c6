import { compressionCodecs } from '@biquorum/compression';
import { type CompactionJob, compactionJob } from '@biquorum/log';

/** Compacts a log. The main module of a job: whatever it imports is loaded again in the worker. */
export const compact: CompactionJob = compactionJob(compressionCodecs());
