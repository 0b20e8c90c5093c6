package biquorum.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes, with one producer for each kind that was asked for. */
final class Producing implements AutoCloseable {
  private final Map<String, Object> common;
  private final Map<Map<String, Object>, KafkaProducer<byte[], byte[]>> producers = new HashMap<>();

  Producing(Map<String, Object> common) {
    this.common = common;
  }

  void produce(JsonNode request, ObjectNode reply) throws Exception {
    KafkaProducer<byte[], byte[]> producer = producers.computeIfAbsent(kind(request), this::create);
    String topic = request.get("topic").textValue();
    JsonNode records = request.get("records");
    long startedAt = System.nanoTime();
    long overNanos = TimeUnit.MILLISECONDS.toNanos(request.path("overMs").asLong(0));
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    for (JsonNode record : records) {
      // The moments at which records are due are counted from the start, so that a slow send delays no other.
      long early = startedAt + overNanos * sent.size() / records.size() - System.nanoTime();
      if (early > 0) TimeUnit.NANOSECONDS.sleep(early);
      sent.add(producer.send(Records.toWrite(topic, record)));
    }
    producer.flush();
    ArrayNode acknowledged = reply.putArray("acknowledged");
    for (Future<RecordMetadata> one : sent) {
      RecordMetadata metadata = one.get();
      ObjectNode row = acknowledged.addObject().put("partition", metadata.partition());
      if (metadata.hasOffset()) row.put("offset", metadata.offset());
      else row.putNull("offset");
    }
  }

  private static Map<String, Object> kind(JsonNode request) {
    boolean idempotent = request.get("idempotent").booleanValue();
    return Map.of(
        "acks", request.get("acks").asText(),
        "compression.type", request.get("codec").textValue(),
        "enable.idempotence", idempotent,
        // Only an idempotent producer keeps the order when it repeats one of several requests.
        "max.in.flight.requests.per.connection", idempotent ? 5 : 1,
        "linger.ms", request.has("overMs") ? 0 : 5);
  }

  private KafkaProducer<byte[], byte[]> create(Map<String, Object> kind) {
    Map<String, Object> settings = new HashMap<>(common);
    settings.putAll(kind);
    settings.put("max.request.size", Limits.CLIENT_MAX_BYTES);
    settings.put("buffer.memory", Limits.CLIENT_MAX_BYTES);
    settings.put("request.timeout.ms", Limits.REQUEST_MS);
    settings.put("delivery.timeout.ms", Limits.PATIENCE_MS);
    return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  @Override
  public void close() {
    producers.values().forEach(KafkaProducer::close);
  }
}
