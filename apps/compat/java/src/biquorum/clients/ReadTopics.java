package biquorum.clients;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads partition 0 of topics from the start to the end they have now, and prints every record as a line of JSON.
 *
 * <p>Usage: {@code ReadTopics BOOTSTRAP ISOLATION TOPIC...}, where the isolation is {@code read_committed} or
 * {@code read_uncommitted}
 */
public final class ReadTopics {
  private ReadTopics() {}

  public static void main(String[] arguments) {
    Map<String, Object> settings = Map.of(
        "bootstrap.servers", arguments[0], "isolation.level", arguments[1], "auto.offset.reset", "earliest", "enable.auto.commit", false);
    List<TopicPartition> partitions = new ArrayList<>();
    for (int i = 2; i < arguments.length; i++) partitions.add(new TopicPartition(arguments[i], 0));
    StringBuilder lines = new StringBuilder();
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
          lines.append(RecordLines.text(RecordLines.record(
              record.topic(), record.offset(), record.timestamp(), record.key(), record.value(), record.headers()))).append('\n');
        }
      }
    }
    System.out.print(lines);
    System.out.flush();
  }
}
