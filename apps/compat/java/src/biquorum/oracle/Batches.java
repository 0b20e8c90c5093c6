package biquorum.oracle;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.MemoryRecordsBuilder;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.utils.ByteBufferOutputStream;

/** Record batches made with Apache's builder. */
final class Batches {
  private Batches() {}

  record Entry(long offset, long timestamp, byte[] key, byte[] value, Header... headers) {}

  /**
   * What goes into a batch.
   *
   * @param lastOffset offset that the batch claims to end at, as compaction leaves it; −1 for that of the last entry
   * @param logAppendTime −1 for CreateTime
   * @param deleteHorizonMs −1 for none
   */
  record Plan(
      String name, long baseOffset, long lastOffset, long logAppendTime, long producerId, short producerEpoch, int baseSequence,
      boolean transactional, int partitionLeaderEpoch, long deleteHorizonMs, List<Entry> entries) {

    static Plan plain(String name, List<Entry> entries) {
      return new Plan(name, entries.get(0).offset, -1, -1, -1, (short) -1, -1, false, -1, -1, entries);
    }

    Plan producedBy(long id, int epoch, int sequence, boolean inTransaction) {
      return new Plan(name, baseOffset, lastOffset, logAppendTime, id, (short) epoch, sequence, inTransaction, partitionLeaderEpoch, deleteHorizonMs, entries);
    }

    Plan appendedAt(long timestamp, int leaderEpoch) {
      return new Plan(name, baseOffset, lastOffset, timestamp, producerId, producerEpoch, baseSequence, transactional, leaderEpoch, deleteHorizonMs, entries);
    }

    Plan compacted(long base, long last, long horizonMs) {
      return new Plan(name, base, last, logAppendTime, producerId, producerEpoch, baseSequence, transactional, partitionLeaderEpoch, horizonMs, entries);
    }
  }

  static byte[] build(Plan plan, Compression compression) {
    ByteBufferOutputStream out = new ByteBufferOutputStream(256);
    TimestampType type = plan.logAppendTime < 0 ? TimestampType.CREATE_TIME : TimestampType.LOG_APPEND_TIME;
    try (MemoryRecordsBuilder builder = new MemoryRecordsBuilder(
        out, RecordBatch.MAGIC_VALUE_V2, compression, type, plan.baseOffset, plan.logAppendTime, plan.producerId, plan.producerEpoch,
        plan.baseSequence, plan.transactional, false, plan.partitionLeaderEpoch, Integer.MAX_VALUE, plan.deleteHorizonMs)) {
      for (Entry entry : plan.entries) builder.appendWithOffset(entry.offset, entry.timestamp, entry.key, entry.value, entry.headers);
      if (plan.lastOffset >= 0) builder.overrideLastOffset(plan.lastOffset);
      return bytes(builder.build());
    }
  }

  /** One or two small uncompressed batches, as the content of a message's records field. */
  static byte[] small(Draw draw) {
    ByteBuffer all = ByteBuffer.allocate(4096);
    for (int i = draw.below(3); i > 0; i--) {
      all.put(build(Plan.plain("small", List.of(new Entry(0, 1_700_000_000_000L, draw.bytes(3), draw.bytes(draw.below(20))))), Compression.NONE));
    }
    all.flip();
    byte[] bytes = new byte[all.remaining()];
    all.get(bytes);
    return bytes;
  }

  static byte[] bytes(MemoryRecords records) {
    ByteBuffer buffer = records.buffer().duplicate();
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static Header header(String key, byte[] value) {
    return new RecordHeader(key, value);
  }

  /** Entries as a busy producer makes them: some keys, some nulls, some headers, timestamps that wander. */
  static List<Entry> random(Draw draw, long baseOffset, int count) {
    List<Entry> entries = new ArrayList<>();
    long timestamp = 1_700_000_000_000L;
    for (int i = 0; i < count; i++) {
      timestamp += draw.below(2000) - 500;
      Header[] headers = new Header[draw.chance(3) ? draw.below(4) : 0];
      for (int h = 0; h < headers.length; h++) headers[h] = header(draw.string(), draw.chance(4) ? null : draw.bytes());
      entries.add(new Entry(baseOffset + i, timestamp, draw.chance(3) ? null : draw.bytes(), draw.chance(6) ? null : draw.bytes(), headers));
    }
    return entries;
  }
}
