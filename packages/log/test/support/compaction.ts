import { compressionCodecs } from '@biquorum/compression';
import { type CompactionJob, compactionJob } from '@biquorum/log';

/** The compaction of tests, with all codecs. */
export const compact: CompactionJob = compactionJob(compressionCodecs());
