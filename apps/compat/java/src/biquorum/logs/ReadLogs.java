package biquorum.logs;

import biquorum.oracle.BatchChecker;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.function.IntFunction;
import kafka.server.checkpoints.OffsetCheckpointFile;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.metadata.properties.MetaProperties;
import org.apache.kafka.metadata.properties.PropertiesUtils;
import org.apache.kafka.storage.internals.checkpoint.CleanShutdownFileHandler;
import org.apache.kafka.storage.internals.checkpoint.LeaderEpochCheckpointFile;
import org.apache.kafka.storage.internals.checkpoint.PartitionMetadata;
import org.apache.kafka.storage.internals.checkpoint.PartitionMetadataFile;
import org.apache.kafka.storage.internals.log.AbortedTxn;
import org.apache.kafka.storage.internals.log.EpochEntry;
import org.apache.kafka.storage.internals.log.LogDirFailureChannel;
import org.apache.kafka.storage.internals.log.OffsetIndex;
import org.apache.kafka.storage.internals.log.OffsetPosition;
import org.apache.kafka.storage.internals.log.ProducerStateEntry;
import org.apache.kafka.storage.internals.log.ProducerStateManager;
import org.apache.kafka.storage.internals.log.SnapshotFile;
import org.apache.kafka.storage.internals.log.TimeIndex;
import org.apache.kafka.storage.internals.log.TimestampOffset;
import org.apache.kafka.storage.internals.log.TransactionIndex;

/**
 * Prints what Apache's classes read in the files of a log directory: one line of JSON for the directory itself, then
 * one for every partition in it.
 *
 * <p>Usage: {@code ReadLogs LOG_DIRECTORY closed|open}. Indexes and producer snapshots are read of a directory that was
 * closed; they mean nothing in one that was not, where Apache makes them anew.
 */
public final class ReadLogs {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final LogDirFailureChannel FAILURES = new LogDirFailureChannel(1);

  private ReadLogs() {}

  public static void main(String[] arguments) throws IOException {
    File directory = new File(arguments[0]);
    boolean closed = arguments[1].equals("closed");
    StringBuilder lines = new StringBuilder(JSON.writeValueAsString(shared(directory))).append('\n');
    for (File partition : sorted(directory.listFiles(File::isDirectory))) {
      lines.append(JSON.writeValueAsString(partition(partition, closed))).append('\n');
    }
    System.out.print(lines);
    System.out.flush();
  }

  private static ObjectNode shared(File directory) throws IOException {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("directory", directory.getName());
    File meta = new File(directory, "meta.properties");
    if (meta.exists()) {
      Properties properties = PropertiesUtils.readPropertiesFile(meta.getPath());
      MetaProperties parsed = new MetaProperties.Builder(properties).build();
      ObjectNode facts = node.putObject("metaProperties");
      facts.put("version", parsed.version().number());
      facts.put("clusterId", parsed.clusterId().orElse(null));
      facts.put("nodeId", parsed.nodeId().isPresent() ? parsed.nodeId().getAsInt() : null);
      facts.put("directoryId", parsed.directoryId().map(Object::toString).orElse(null));
    }
    for (String name : new String[] {"recovery-point-offset-checkpoint", "log-start-offset-checkpoint", "replication-offset-checkpoint", "cleaner-offset-checkpoint"}) {
      File file = new File(directory, name);
      if (!file.exists()) continue;
      ObjectNode offsets = node.putObject(name);
      scala.collection.Map<TopicPartition, Object> read = new OffsetCheckpointFile(file, null).read();
      read.foreach(entry -> offsets.put(entry._1().toString(), (Long) entry._2()));
    }
    CleanShutdownFileHandler clean = new CleanShutdownFileHandler(directory.getPath());
    if (clean.exists()) node.put("cleanShutdownBrokerEpoch", clean.read().orElse(-1));
    return node;
  }

  private static ObjectNode partition(File directory, boolean closed) throws IOException {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("partition", directory.getName());
    if (PartitionMetadataFile.newFile(directory).exists()) {
      PartitionMetadata metadata = new PartitionMetadataFile(PartitionMetadataFile.newFile(directory), FAILURES).read();
      node.putObject("metadata").put("version", metadata.version()).put("topicId", metadata.topicId().toString());
    }
    ArrayNode epochs = node.putArray("epochs");
    if (LeaderEpochCheckpointFile.newFile(directory).exists()) {
      for (EpochEntry entry : new LeaderEpochCheckpointFile(LeaderEpochCheckpointFile.newFile(directory), FAILURES).read()) {
        epochs.addArray().add(entry.epoch).add(entry.startOffset);
      }
    }
    if (closed) snapshots(directory, node.putArray("snapshots"));
    ArrayNode segments = node.putArray("segments");
    for (File log : sorted(directory.listFiles((parent, name) -> name.matches("[0-9]{20}\\.log")))) segment(log, closed, segments.addObject());
    return node;
  }

  private static void snapshots(File directory, ArrayNode snapshots) throws IOException {
    List<SnapshotFile> files = new ArrayList<>(ProducerStateManager.listSnapshotFiles(directory));
    files.sort(Comparator.comparingLong(file -> file.offset));
    for (SnapshotFile snapshot : files) {
      ArrayNode producers = snapshots.addObject().put("offset", snapshot.offset).putArray("producers");
      for (ProducerStateEntry entry : ProducerStateManager.readSnapshot(snapshot.file())) producer(entry, producers.addObject());
    }
  }

  private static void producer(ProducerStateEntry entry, ObjectNode node) {
    node.put("producerId", entry.producerId());
    node.put("producerEpoch", entry.producerEpoch());
    node.put("lastSequence", entry.lastSeq());
    node.put("lastOffset", entry.lastDataOffset());
    node.put("offsetDelta", entry.lastOffsetDelta());
    node.put("timestamp", entry.lastTimestamp());
    node.put("coordinatorEpoch", entry.coordinatorEpoch());
    node.put("currentTransactionFirstOffset", entry.currentTxnFirstOffset().orElse(-1));
  }

  private static void segment(File log, boolean closed, ObjectNode node) throws IOException {
    String stem = log.getPath().substring(0, log.getPath().length() - ".log".length());
    long baseOffset = Long.parseLong(log.getName().substring(0, 20));
    node.put("baseOffset", baseOffset);
    BatchChecker.describe(Files.readAllBytes(log.toPath()), node);
    if (!closed) return;
    File offsets = new File(stem + ".index");
    if (offsets.exists()) {
      try (OffsetIndex index = new OffsetIndex(offsets, baseOffset, -1, false)) {
        index.sanityCheck();
        entries(node.putArray("offsetIndex"), index.entries(), i -> {
          OffsetPosition entry = index.entry(i);
          return new long[] {entry.offset, entry.position};
        });
      }
    }
    File times = new File(stem + ".timeindex");
    if (times.exists()) {
      try (TimeIndex index = new TimeIndex(times, baseOffset, -1, false)) {
        index.sanityCheck();
        entries(node.putArray("timeIndex"), index.entries(), i -> {
          TimestampOffset entry = index.entry(i);
          return new long[] {entry.timestamp, entry.offset};
        });
      }
    }
    File transactions = new File(stem + ".txnindex");
    if (transactions.exists()) {
      try (TransactionIndex index = new TransactionIndex(baseOffset, transactions)) {
        index.sanityCheck();
        ArrayNode aborted = node.putArray("transactionIndex");
        for (AbortedTxn entry : index.allAbortedTxns()) {
          aborted.addArray().add(entry.producerId()).add(entry.firstOffset()).add(entry.lastOffset()).add(entry.lastStableOffset());
        }
      }
    }
  }

  private static void entries(ArrayNode into, int count, IntFunction<long[]> read) {
    for (int i = 0; i < count; i++) {
      long[] entry = read.apply(i);
      into.addArray().add(entry[0]).add(entry[1]);
    }
  }

  private static File[] sorted(File[] files) {
    Arrays.sort(files, Comparator.comparing(File::getName));
    return files;
  }
}
