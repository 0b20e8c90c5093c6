package biquorum.oracle;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.DefaultRecordBatch;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.MutableRecordBatch;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.CloseableIterator;

/** Reads record batches that others wrote, and says what Java makes of them. */
public final class BatchChecker {
  private BatchChecker() {}

  static void run(Lines lines) {
    lines.read(question -> {
      ObjectNode answer = JsonNodeFactory.instance.objectNode();
      try {
        describe(HexFormat.of().parseHex(question.get("hex").asText()), answer);
      } catch (Throwable e) {
        // Damaged sizes make some of Apache's codecs run out of memory.
        answer.removeAll();
        answer.put("error", e.toString());
      }
      lines.write(answer);
    });
  }

  /** Adds {@code batches}: each batch's header fields and, decompressed, its records. */
  public static void describe(byte[] bytes, ObjectNode line) {
    MemoryRecords records = MemoryRecords.readableRecords(ByteBuffer.wrap(bytes));
    if (records.validBytes() != bytes.length) throw new IllegalArgumentException("whole batches end at " + records.validBytes() + " of " + bytes.length + " bytes");
    ArrayNode batches = line.putArray("batches");
    for (MutableRecordBatch batch : records.batches()) describe((DefaultRecordBatch) batch, batches.addObject());
  }

  private static void describe(DefaultRecordBatch batch, ObjectNode node) {
    batch.ensureValid();
    node.put("baseOffset", batch.baseOffset());
    node.put("lastOffset", batch.lastOffset());
    node.put("sizeInBytes", batch.sizeInBytes());
    node.put("partitionLeaderEpoch", batch.partitionLeaderEpoch());
    node.put("magic", batch.magic());
    node.put("crc", batch.checksum());
    node.put("compression", batch.compressionType().name);
    node.put("timestampType", batch.timestampType().name);
    node.put("transactional", batch.isTransactional());
    node.put("control", batch.isControlBatch());
    node.put("deleteHorizonMs", batch.deleteHorizonMs().orElse(-1));
    node.put("baseTimestamp", batch.baseTimestamp());
    node.put("maxTimestamp", batch.maxTimestamp());
    node.put("producerId", batch.producerId());
    node.put("producerEpoch", batch.producerEpoch());
    node.put("baseSequence", batch.baseSequence());
    node.put("lastSequence", batch.lastSequence());
    node.put("count", batch.countOrNull());
    ArrayNode records = node.putArray("records");
    try (CloseableIterator<Record> iterator = batch.streamingIterator(BufferSupplier.NO_CACHING)) {
      iterator.forEachRemaining(record -> {
        record.ensureValid();
        describe(record, records.addObject());
      });
    }
  }

  private static void describe(Record record, ObjectNode node) {
    node.put("offset", record.offset());
    node.put("timestamp", record.timestamp());
    node.put("sequence", record.sequence());
    node.put("sizeInBytes", record.sizeInBytes());
    node.put("key", bytes(record.key()));
    node.put("value", bytes(record.value()));
    ArrayNode headers = node.putArray("headers");
    for (Header header : record.headers()) headers.addArray().add(header.key()).add(header.value());
  }

  private static byte[] bytes(ByteBuffer buffer) {
    if (buffer == null) return null;
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }
}
