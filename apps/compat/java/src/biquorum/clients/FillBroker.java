package biquorum.clients;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Fills a broker with topics that between them hold every codec, idempotent and transactional batches, a compacted
 * topic and both timestamp types, and prints every acknowledged record as a line of JSON.
 *
 * <p>Usage: {@code FillBroker BOOTSTRAP SEED PREFIX}, where the prefix begins the name of every topic
 */
public final class FillBroker {
  private static final long TIME = 1_700_000_000_000L;
  /** Small, so that every topic has several segments. */
  private static final String SEGMENT_BYTES = "20000";

  private final String bootstrap;
  private final String prefix;
  private final SplittableRandom random;

  private FillBroker(String bootstrap, long seed, String prefix) {
    this.bootstrap = bootstrap;
    this.prefix = prefix;
    this.random = new SplittableRandom(seed);
  }

  public static void main(String[] arguments) throws Exception {
    new FillBroker(arguments[0], Long.parseLong(arguments[1]), arguments[2]).run();
  }

  private void run() throws Exception {
    createTopics();
    for (String codec : List.of("none", "gzip", "snappy", "lz4", "zstd")) {
      send("codec-" + codec, 300, 1000, Map.of("compression.type", codec, "enable.idempotence", false));
    }
    send("idempotent", 400, 1000, Map.of());
    send("append-time", 100, 1000, Map.of("compression.type", "lz4"));
    send("broker-compressed", 100, 1000, Map.of());
    send("compacted", 1500, 150, Map.of());
    transactions();
  }

  private void createTopics() throws Exception {
    List<NewTopic> topics = new ArrayList<>();
    for (String codec : List.of("none", "gzip", "snappy", "lz4", "zstd")) topics.add(topic("codec-" + codec, Map.of()));
    topics.add(topic("idempotent", Map.of()));
    topics.add(topic("append-time", Map.of("message.timestamp.type", "LogAppendTime")));
    topics.add(topic("broker-compressed", Map.of("compression.type", "zstd")));
    topics.add(topic("transactional", Map.of()));
    topics.add(topic("compacted", Map.of("cleanup.policy", "compact", "min.cleanable.dirty.ratio", "0.01")));
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      admin.createTopics(topics).all().get();
    }
  }

  private NewTopic topic(String name, Map<String, String> configs) {
    Map<String, String> all = new HashMap<>(configs);
    all.put("segment.bytes", SEGMENT_BYTES);
    // Retention by time would take records whose timestamps lie years back.
    all.put("retention.ms", "-1");
    return new NewTopic(prefix + name, 1, (short) 1).configs(all);
  }

  private KafkaProducer<byte[], byte[]> producer(Map<String, Object> settings) {
    Map<String, Object> all = new HashMap<>(settings);
    all.put("bootstrap.servers", bootstrap);
    all.put("batch.size", 2000);
    all.put("linger.ms", 5);
    return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private void send(String topic, int count, int keys, Map<String, Object> settings) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer = producer(settings)) {
      print(send(producer, topic, count, keys), true);
    }
  }

  private record Sent(ProducerRecord<byte[], byte[]> record, Future<RecordMetadata> answer) {}

  private List<Sent> send(KafkaProducer<byte[], byte[]> producer, String topic, int count, int keys) {
    List<Sent> sent = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] key = ("key-" + random.nextInt(keys)).getBytes(StandardCharsets.UTF_8);
      ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(prefix + topic, 0, TIME + 1000L * i + random.nextInt(500), key, value());
      if (random.nextInt(5) == 0) {
        record.headers().add("trace", new byte[] {(byte) i});
        record.headers().add("日本", random.nextInt(2) == 0 ? null : new byte[0]);
      }
      sent.add(new Sent(record, producer.send(record)));
    }
    producer.flush();
    return sent;
  }

  private byte[] value() {
    if (random.nextInt(20) == 0) return null;
    byte[] value = "a line that compresses well; ".repeat(random.nextInt(10)).getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < value.length; i += 7) value[i] = (byte) random.nextInt(256);
    return value;
  }

  private void transactions() throws Exception {
    try (KafkaProducer<byte[], byte[]> producer = producer(Map.of("transactional.id", prefix + "fill", "compression.type", "zstd"))) {
      producer.initTransactions();
      for (int i = 0; i < 6; i++) {
        producer.beginTransaction();
        List<Sent> sent = send(producer, "transactional", 20, 1000);
        boolean committed = i % 3 != 2;
        if (committed) producer.commitTransaction();
        else producer.abortTransaction();
        print(sent, committed);
      }
    }
  }

  private static void print(List<Sent> sent, boolean committed) throws Exception {
    StringBuilder lines = new StringBuilder();
    for (Sent one : sent) {
      RecordMetadata metadata = one.answer.get();
      ProducerRecord<byte[], byte[]> record = one.record;
      ObjectNode line = RecordLines.record(
          metadata.topic(), metadata.offset(), metadata.timestamp(), record.key(), record.value(), record.headers());
      line.put("committed", committed);
      lines.append(RecordLines.text(line)).append('\n');
    }
    System.out.print(lines);
    System.out.flush();
  }
}
