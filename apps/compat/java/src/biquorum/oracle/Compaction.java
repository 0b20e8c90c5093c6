package biquorum.oracle;

import java.nio.ByteBuffer;
import java.util.function.LongPredicate;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.MemoryRecords.RecordFilter;
import org.apache.kafka.common.record.MemoryRecords.RecordFilter.BatchRetention;
import org.apache.kafka.common.record.MemoryRecords.RecordFilter.BatchRetentionResult;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.utils.BufferSupplier;

/** What Apache's log cleaner makes of batches. */
final class Compaction {
  private static final long DELETE_RETENTION_MS = 86_400_000;

  private Compaction() {}

  /** The batches with the records whose offsets are kept; a batch that loses all of them stays as an empty one. */
  static byte[] filter(byte[] batches, long timeMs, LongPredicate kept) {
    RecordFilter filter = new RecordFilter(timeMs, DELETE_RETENTION_MS) {
      @Override
      protected BatchRetentionResult checkBatchRetention(RecordBatch batch) {
        return new BatchRetentionResult(BatchRetention.RETAIN_EMPTY, false);
      }

      @Override
      protected boolean shouldRetainRecord(RecordBatch batch, Record record) {
        return kept.test(record.offset());
      }
    };
    ByteBuffer output = ByteBuffer.allocate(1 << 16);
    MemoryRecords.FilterResult result = MemoryRecords.readableRecords(ByteBuffer.wrap(batches))
        .filterTo(new TopicPartition("compacted", 0), filter, output, Integer.MAX_VALUE, BufferSupplier.NO_CACHING);
    ByteBuffer filtered = result.outputBuffer();
    filtered.flip();
    byte[] bytes = new byte[filtered.remaining()];
    filtered.get(bytes);
    return bytes;
  }
}
