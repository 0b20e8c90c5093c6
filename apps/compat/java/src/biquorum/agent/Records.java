package biquorum.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/** Records and partitions, between JSON and the client's classes. */
final class Records {
  private Records() {}

  static ProducerRecord<byte[], byte[]> toWrite(String topic, JsonNode record) {
    List<Header> headers = new ArrayList<>();
    for (JsonNode header : record.path("headers")) {
      headers.add(new RecordHeader(header.get(0).textValue(), bytes(header.get(1))));
    }
    Integer partition = record.has("partition") ? record.get("partition").intValue() : null;
    Long timestamp = record.has("timestamp") ? record.get("timestamp").longValue() : null;
    return new ProducerRecord<>(topic, partition, timestamp, bytes(record.get("key")), bytes(record.get("value")), headers);
  }

  static ObjectNode read(ConsumerRecord<byte[], byte[]> record) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("topic", record.topic()).put("partition", record.partition()).put("offset", record.offset());
    node.put("timestamp", record.timestamp()).put("key", text(record.key())).put("value", text(record.value()));
    ArrayNode headers = node.putArray("headers");
    for (Header header : record.headers()) headers.addArray().add(header.key()).add(text(header.value()));
    return node;
  }

  static TopicPartition partition(JsonNode node) {
    return new TopicPartition(node.get("topic").textValue(), node.get("partition").intValue());
  }

  static void addPartition(ArrayNode list, TopicPartition partition) {
    list.addObject().put("topic", partition.topic()).put("partition", partition.partition());
  }

  private static byte[] bytes(JsonNode text) {
    return text.isNull() ? null : text.textValue().getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }
}
