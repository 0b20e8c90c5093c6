package biquorum.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads partitions without a group. */
final class Reading {
  private final Map<String, Object> common;

  Reading(Map<String, Object> common) {
    this.common = common;
  }

  List<ObjectNode> consume(JsonNode request) throws MissingRecordsException {
    TopicPartition partition = Records.partition(request);
    int count = request.get("count").intValue();
    int timeoutMs = request.get("timeoutMs").intValue();
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
    List<ObjectNode> records = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer = create()) {
      consumer.assign(List.of(partition));
      seek(consumer, partition, request.get("from"));
      while (records.size() < count) {
        Duration left = Duration.ofNanos(deadline - System.nanoTime());
        if (left.isNegative()) throw new MissingRecordsException(records.size(), count, timeoutMs);
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(left)) {
          if (records.size() < count) records.add(Records.read(record));
        }
      }
    }
    return records;
  }

  private static void seek(KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition, JsonNode from) {
    if (from.has("offset")) {
      consumer.seek(partition, from.get("offset").longValue());
      return;
    }
    OffsetAndTimestamp found = consumer.offsetsForTimes(Map.of(partition, from.get("timestamp").longValue())).get(partition);
    if (found == null) consumer.seekToEnd(List.of(partition));
    else consumer.seek(partition, found.offset());
  }

  private KafkaConsumer<byte[], byte[]> create() {
    Map<String, Object> settings = new HashMap<>(common);
    settings.put("enable.auto.commit", false);
    settings.put("allow.auto.create.topics", false);
    // An offset that is not there is a failure to report, not a reason to read elsewhere.
    settings.put("auto.offset.reset", "none");
    settings.put("fetch.max.wait.ms", Limits.FETCH_WAIT_MS);
    return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** Fewer records than were asked for. */
  static final class MissingRecordsException extends Exception {
    private static final long serialVersionUID = 1L;

    MissingRecordsException(int found, int wanted, int timeoutMs) {
      super("only " + found + " of " + wanted + " records came within " + timeoutMs + " ms");
    }
  }
}
