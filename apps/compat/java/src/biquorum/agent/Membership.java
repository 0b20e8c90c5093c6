package biquorum.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A member of a consumer group. */
final class Membership implements AutoCloseable {
  private final Map<String, Object> common;
  private KafkaConsumer<byte[], byte[]> member;

  Membership(Map<String, Object> common) {
    this.common = common;
  }

  void subscribe(JsonNode request) {
    if (member != null) throw new IllegalStateException("the member must leave its group first");
    Map<String, Object> settings = new HashMap<>(common);
    settings.put("group.id", request.get("groupId").textValue());
    settings.put("session.timeout.ms", request.get("sessionTimeoutMs").intValue());
    settings.put("heartbeat.interval.ms", request.get("heartbeatIntervalMs").intValue());
    settings.put("enable.auto.commit", false);
    settings.put("auto.offset.reset", "earliest");
    settings.put("fetch.max.wait.ms", Limits.FETCH_WAIT_MS);
    member = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    List<String> topics = new ArrayList<>();
    request.get("topics").forEach(topic -> topics.add(topic.textValue()));
    member.subscribe(topics);
  }

  List<ObjectNode> poll(JsonNode request, ObjectNode reply) {
    KafkaConsumer<byte[], byte[]> consumer = member();
    int wanted = request.get("maxRecords").intValue();
    ConsumerRecords<byte[], byte[]> polled = consumer.poll(Duration.ofMillis(request.get("timeoutMs").longValue()));
    List<ObjectNode> records = new ArrayList<>();
    for (TopicPartition partition : polled.partitions()) {
      for (ConsumerRecord<byte[], byte[]> record : polled.records(partition)) {
        if (records.size() == wanted) {
          // What nobody takes now is read again, so that the member's position is where its caller is.
          consumer.seek(partition, record.offset());
          break;
        }
        records.add(Records.read(record));
      }
    }
    ArrayNode assignment = reply.putArray("assignment");
    consumer.assignment().forEach(partition -> Records.addPartition(assignment, partition));
    return records;
  }

  void commit(JsonNode request) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    for (JsonNode row : request.get("offsets")) {
      offsets.put(Records.partition(row), new OffsetAndMetadata(row.get("offset").longValue()));
    }
    member().commitSync(offsets);
  }

  void leave() {
    KafkaConsumer<byte[], byte[]> leaving = member();
    member = null;
    leaving.close();
  }

  @Override
  public void close() {
    if (member != null) leave();
  }

  private KafkaConsumer<byte[], byte[]> member() {
    if (member == null) throw new IllegalStateException("no group was subscribed to");
    return member;
  }
}
