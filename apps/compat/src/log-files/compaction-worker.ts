import { compressionCodecs } from '@biquorum/compression';
import { type CompactionJob, compactionJob } from '@biquorum/log';

/** Compacts a log in a worker. */
export const compact: CompactionJob = compactionJob(compressionCodecs());
