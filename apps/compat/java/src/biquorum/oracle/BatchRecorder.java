package biquorum.oracle;

import static biquorum.oracle.Batches.header;
import static biquorum.oracle.Batches.utf8;

import biquorum.oracle.Batches.Entry;
import biquorum.oracle.Batches.Plan;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.KRaftVersionRecord;
import org.apache.kafka.common.message.LeaderChangeMessage;
import org.apache.kafka.common.message.SnapshotFooterRecord;
import org.apache.kafka.common.message.SnapshotHeaderRecord;
import org.apache.kafka.common.message.VotersRecord;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.record.ControlRecordType;
import org.apache.kafka.common.record.DefaultRecordBatch;
import org.apache.kafka.common.record.EndTransactionMarker;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.MemoryRecordsBuilder;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.record.TimestampType;

/** Writes record batches: every plan with every codec, and the control batches of brokers and controllers. */
final class BatchRecorder {
  private static final long TIME = 1_700_000_000_000L;

  private BatchRecorder() {}

  static void run(long seed, int random, Lines out) {
    for (Plan plan : plans(seed, random)) {
      codecs().forEach((codec, compression) -> record(plan.name(), codec, Batches.build(plan, compression), out));
    }
    controls().forEach((name, records) -> record(name, "none", Batches.bytes(records), out));
    Plan plan = compactable();
    codecs().forEach((codec, compression) -> {
      byte[] before = Batches.build(plan, compression);
      record("compaction-before", codec, before, out);
      record("compaction-thinned", codec, Compaction.filter(before, TIME, offset -> offset % 2 == 0), out);
      record("compaction-emptied", codec, Compaction.filter(before, TIME, offset -> false), out);
    });
    record("emptied-by-compaction", "none", emptied(), out);
    record("three-in-a-row", "mixed", inARow(seed), out);
  }

  /** Each codec at its default level, and the ends of its range where it has one. */
  private static Map<String, Compression> codecs() {
    Map<String, Compression> codecs = new LinkedHashMap<>();
    codecs.put("none", Compression.NONE);
    codecs.put("gzip", Compression.gzip().build());
    codecs.put("gzip-1", Compression.gzip().level(1).build());
    codecs.put("gzip-9", Compression.gzip().level(9).build());
    codecs.put("snappy", Compression.snappy().build());
    codecs.put("lz4", Compression.lz4().build());
    codecs.put("lz4-1", Compression.lz4().level(1).build());
    codecs.put("lz4-17", Compression.lz4().level(17).build());
    codecs.put("zstd", Compression.zstd().build());
    codecs.put("zstd-fast", Compression.zstd().level(-5).build());
    codecs.put("zstd-19", Compression.zstd().level(19).build());
    return codecs;
  }

  private static List<Plan> plans(long seed, int random) {
    List<Plan> plans = new ArrayList<>();
    plans.add(Plan.plain("nulls", List.of(new Entry(0, TIME, null, null))));
    plans.add(Plan.plain("empty-key-and-value", List.of(new Entry(0, 0, new byte[0], new byte[0], header("", new byte[0]), header("", null)))));
    plans.add(Plan.plain("headers", List.of(
        new Entry(0, TIME, utf8("ключ"), utf8("значение 🦆"), header("trace", utf8("1")), header("trace", utf8("2")), header("日本", null)),
        new Entry(1, TIME + 1, utf8("b"), null),
        new Entry(2, TIME + 2, null, utf8("c"), header("h".repeat(200), new byte[130])))));
    plans.add(Plan.plain("timestamps-backwards", List.of(
        new Entry(7, TIME, utf8("a"), utf8("1")), new Entry(8, TIME - 86_400_000L, utf8("b"), utf8("2")), new Entry(9, TIME + 9_000_000_000L, utf8("c"), utf8("3")))));
    plans.add(Plan.plain("log-append-time", entries("k", 3, 5)).appendedAt(TIME + 12_345, 42));
    plans.add(Plan.plain("idempotent", entries("k", 10, 4)).producedBy(4711, 3, 17, false));
    plans.add(Plan.plain("sequence-wraps", entries("k", 0, 5)).producedBy(9_007_199_254_740_991L, Short.MAX_VALUE, Integer.MAX_VALUE - 1, false));
    plans.add(Plan.plain("transactional", entries("k", 100, 3)).producedBy(12, 0, 0, true));
    plans.add(Plan.plain("offset-gaps", List.of(
        new Entry((1L << 40) + 3, TIME, utf8("a"), utf8("1")), new Entry((1L << 40) + 70_000, TIME, utf8("b"), utf8("2")), new Entry((1L << 40) + 70_001, TIME, utf8("c"), utf8("3"))))
        .compacted(1L << 40, (1L << 40) + 90_000, -1));
    plans.add(Plan.plain("delete-horizon", List.of(new Entry(21, TIME, utf8("a"), null), new Entry(22, TIME + 5, utf8("b"), utf8("2")))).compacted(20, 25, TIME + 86_400_000L));
    plans.add(Plan.plain("large-value", List.of(new Entry(0, TIME, utf8("k"), utf8("a line that repeats, like logs do\n".repeat(6000))))));
    plans.add(Plan.plain("incompressible", List.of(new Entry(0, TIME, null, new Draw(seed, "incompressible").bytes(70_000)))));
    plans.add(Plan.plain("thousand", entries("key-", 5_000_000_000L, 1000)).producedBy(1, 1, 1_000_000, false));
    for (int i = 0; i < random; i++) {
      Draw draw = new Draw(seed, "batch", Integer.toString(i));
      Plan plan = Plan.plain("random-" + i, Batches.random(draw, draw.unsigned(40), 1 + draw.below(30)));
      if (draw.chance(2)) plan = plan.producedBy(draw.unsigned(50), draw.below(100), draw.below(1000), draw.chance(2));
      if (draw.chance(3)) plan = plan.appendedAt(TIME + draw.below(1000), draw.below(50));
      plans.add(plan);
    }
    return plans;
  }

  private static List<Entry> entries(String key, long offset, int count) {
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) entries.add(new Entry(offset + i, TIME + i, utf8(key + i), utf8("value " + i)));
    return entries;
  }

  private static Map<String, MemoryRecords> controls() {
    Map<String, MemoryRecords> controls = new LinkedHashMap<>();
    controls.put("commit-marker", MemoryRecords.withEndTransactionMarker(77, TIME, 5, 4711, (short) 3, new EndTransactionMarker(ControlRecordType.COMMIT, 9)));
    controls.put("abort-marker", MemoryRecords.withEndTransactionMarker(0, TIME, 0, 1L << 52, Short.MAX_VALUE, new EndTransactionMarker(ControlRecordType.ABORT, 0)));
    LeaderChangeMessage change = new LeaderChangeMessage().setLeaderId(2)
        .setVoters(List.of(new LeaderChangeMessage.Voter().setVoterId(1), new LeaderChangeMessage.Voter().setVoterId(2)))
        .setGrantingVoters(List.of(new LeaderChangeMessage.Voter().setVoterId(2)));
    controls.put("leader-change-v0", MemoryRecords.withLeaderChangeMessage(50, TIME, 6, ByteBuffer.allocate(512), change));
    controls.put("leader-change-v1", leaderChangeWithDirectories(change.duplicate().setVersion((short) 1)));
    controls.put("snapshot-header", MemoryRecords.withSnapshotHeaderRecord(0, TIME, 6, ByteBuffer.allocate(512), new SnapshotHeaderRecord().setLastContainedLogTimestamp(TIME)));
    controls.put("snapshot-footer", MemoryRecords.withSnapshotFooterRecord(99, TIME, 6, ByteBuffer.allocate(512), new SnapshotFooterRecord()));
    controls.put("kraft-version", MemoryRecords.withKRaftVersionRecord(1, TIME, 6, ByteBuffer.allocate(512), new KRaftVersionRecord().setKRaftVersion((short) 1)));
    VotersRecord.EndpointCollection endpoints = new VotersRecord.EndpointCollection();
    endpoints.add(new VotersRecord.Endpoint().setName("CONTROLLER").setHost("controller-1.example").setPort(65_000));
    VotersRecord.Voter voter = new VotersRecord.Voter().setVoterId(1).setVoterDirectoryId(new Uuid(1, 2)).setEndpoints(endpoints)
        .setKRaftVersionFeature(new VotersRecord.KRaftVersionFeature().setMinSupportedVersion((short) 0).setMaxSupportedVersion((short) 1));
    controls.put("voters", MemoryRecords.withVotersRecord(2, TIME, 6, ByteBuffer.allocate(512), new VotersRecord().setVoters(List.of(voter))));
    return controls;
  }

  /** 3.9 writes version 0 alone, and reads version 1. */
  private static MemoryRecords leaderChangeWithDirectories(LeaderChangeMessage change) {
    change.voters().forEach(voter -> voter.setVoterDirectoryId(new Uuid(3, voter.voterId())));
    change.grantingVoters().forEach(voter -> voter.setVoterDirectoryId(new Uuid(3, voter.voterId())));
    try (MemoryRecordsBuilder builder = new MemoryRecordsBuilder(
        ByteBuffer.allocate(512), RecordBatch.MAGIC_VALUE_V2, Compression.NONE, TimestampType.CREATE_TIME, 50, TIME,
        RecordBatch.NO_PRODUCER_ID, RecordBatch.NO_PRODUCER_EPOCH, RecordBatch.NO_SEQUENCE, false, true, 6, 512)) {
      builder.appendControlRecord(TIME, ControlRecordType.LEADER_CHANGE, MessageUtil.toByteBuffer(change, (short) 1));
      return builder.build();
    }
  }

  /** A transactional batch with a tombstone among the records that {@code compaction-thinned} keeps. */
  private static Plan compactable() {
    List<Entry> entries = new ArrayList<>(entries("k", 1000, 9));
    entries.add(1, new Entry(1001, TIME + 50, utf8("gone"), null));
    List<Entry> renumbered = new ArrayList<>();
    for (Entry entry : entries) renumbered.add(new Entry(1000 + renumbered.size() * 3L, entry.timestamp(), entry.key(), entry.value()));
    renumbered.add(new Entry(1030, TIME + 99, utf8("last"), null, header("h", utf8("v"))));
    return Plan.plain("compaction-before", renumbered).producedBy(4711, 2, 33, true);
  }

  /** A bare header, as the cleaner leaves it of a batch whose last sequence must be kept. */
  private static byte[] emptied() {
    ByteBuffer buffer = ByteBuffer.allocate(DefaultRecordBatch.RECORD_BATCH_OVERHEAD);
    DefaultRecordBatch.writeEmptyHeader(
        buffer, RecordBatch.MAGIC_VALUE_V2, 4711, (short) 2, 33, 1000, 1009, 8, TimestampType.CREATE_TIME, TIME, true, false);
    return buffer.array();
  }

  private static byte[] inARow(long seed) {
    ByteBuffer all = ByteBuffer.allocate(1 << 16);
    List<Compression> codecs = List.of(Compression.NONE, Compression.zstd().build(), Compression.snappy().build());
    long offset = 0;
    for (Compression codec : codecs) {
      List<Entry> entries = Batches.random(new Draw(seed, "row", Long.toString(offset)), offset, 5);
      all.put(Batches.build(Plan.plain("row", entries), codec));
      offset += entries.size();
    }
    byte[] bytes = new byte[all.position()];
    all.flip().get(bytes);
    return bytes;
  }

  private static void record(String name, String codec, byte[] bytes, Lines out) {
    ObjectNode line = JsonNodeFactory.instance.objectNode();
    line.put("name", name).put("codec", codec).put("hex", HexFormat.of().formatHex(bytes));
    BatchChecker.describe(bytes, line);
    out.write(line);
  }
}
