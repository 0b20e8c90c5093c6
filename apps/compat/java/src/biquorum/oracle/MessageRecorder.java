package biquorum.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import org.apache.kafka.common.protocol.Message;

/** Writes every message in every version: first the fixed profiles, then seeded values. */
final class MessageRecorder {
  private MessageRecorder() {}

  static void run(long seed, int random, Lines out) {
    for (Definition definition : Definition.all()) {
      Codec codec = new Codec(definition);
      Versions versions = definition.validVersions();
      for (short version = (short) versions.lowest(); version <= versions.highest(); version++) {
        record(definition, codec, version, "defaults", codec.defaults(), out);
        for (Values.Profile profile : Values.Profile.values()) {
          int samples = profile == Values.Profile.RANDOM ? random : 1;
          for (int i = 0; i < samples; i++) {
            String sample = profile.name().toLowerCase(Locale.ROOT) + (samples == 1 ? "" : "-" + i);
            Draw draw = new Draw(seed, definition.name(), Short.toString(version), sample);
            JsonNode value = new Values(definition, version, profile, draw).message();
            Message message = codec.fromJson(value, version);
            // The last of the random samples goes without, so that both ways of ending a struct occur.
            boolean tags = profile == Values.Profile.RANDOM && i < Math.max(1, samples - 1);
            if (tags && definition.flexibleVersions().contains(version)) new Walk(definition, version).addUnknownTags(message, draw);
            record(definition, codec, version, sample, message, out);
          }
        }
      }
    }
  }

  private static void record(Definition definition, Codec codec, short version, String sample, Message message, Lines out) {
    byte[] bytes = codec.encode(message, version);
    Message decoded = codec.decode(bytes, version);
    if (!Arrays.equals(bytes, codec.encode(decoded, version))) {
      throw new IllegalStateException(definition.name() + " v" + version + " " + sample + " does not survive a round trip in Java");
    }
    ObjectNode line = JsonNodeFactory.instance.objectNode();
    line.put("jar", definition.jar());
    line.put("m", definition.name());
    line.put("v", version);
    line.put("sample", sample);
    line.put("hex", HexFormat.of().formatHex(bytes));
    describe(definition, codec, version, decoded, line);
    out.write(line);
  }

  /** Adds what the message holds: Java's JSON, and unknown tagged fields where there are any. */
  static void describe(Definition definition, Codec codec, short version, Message message, ObjectNode line) {
    Walk walk = new Walk(definition, version);
    JsonNode json = codec.toJson(message, version);
    walk.restoreRecords(message, json);
    line.set("json", json);
    ObjectNode unknown = walk.unknownTags(message);
    if (!unknown.isEmpty()) line.set("unknown", unknown);
  }
}
