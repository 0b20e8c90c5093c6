package biquorum.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BinaryNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.ShortNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.ByteBuffer;
import org.apache.kafka.common.Uuid;

/** Makes the JSON that Java's converters read, for one message in one version. */
final class Values {
  /** What kind of values a sample holds. */
  enum Profile {
    /** Null wherever null is allowed, else nothing: empty strings and arrays, zeros, false. */
    EMPTY,
    /** The least value of every type; arrays of one element. */
    LEAST,
    /** The greatest value of every type, long strings; arrays of two elements. */
    GREATEST,
    /** As {@link #LEAST}, but with 64-bit integers that are neither extreme nor exact as a double. */
    WIDE,
    RANDOM
  }

  private static final String LONG_TEXT = "日本語🦆 and ASCII, ".repeat(10);
  private final Definition definition;
  private final short version;
  private final Profile profile;
  private final Draw draw;

  Values(Definition definition, short version, Profile profile, Draw draw) {
    this.definition = definition;
    this.version = version;
    this.profile = profile;
    this.draw = draw;
  }

  JsonNode message() {
    return struct(definition.json().get("fields"));
  }

  private ObjectNode struct(JsonNode fields) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    for (JsonNode field : fields) {
      if (!Versions.parse(field.get("versions").asText()).contains(version)) continue;
      boolean tagged = Versions.parse(field.path("taggedVersions").asText("none")).contains(version);
      // A tagged field that is left out keeps its default, and is then absent from the bytes too.
      if (tagged && profile == Profile.RANDOM && draw.chance(3)) continue;
      object.set(Definition.property(field), value(field));
    }
    return object;
  }

  private JsonNode value(JsonNode field) {
    boolean nullable = Versions.parse(field.path("nullableVersions").asText("none")).contains(version);
    if (nullable && (profile == Profile.EMPTY || (profile == Profile.RANDOM && draw.chance(4)))) return NullNode.instance;
    if (!Definition.isArray(field)) return element(field);
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    int length = switch (profile) {
      case EMPTY -> 0;
      case LEAST, WIDE -> 1;
      case GREATEST -> 2;
      case RANDOM -> draw.arrayLength(definition.fieldsOf(field) == null);
    };
    for (int i = 0; i < length; i++) array.add(element(field));
    return array;
  }

  private JsonNode element(JsonNode field) {
    return switch (Definition.elementType(field)) {
      case "bool" -> BooleanNode.valueOf(switch (profile) { case EMPTY, LEAST, WIDE -> false; case GREATEST -> true; case RANDOM -> draw.chance(2); });
      case "int8" -> ShortNode.valueOf((short) signed(8));
      case "int16" -> ShortNode.valueOf((short) signed(16));
      case "uint16" -> IntNode.valueOf((int) switch (profile) { case EMPTY, LEAST, WIDE -> 0; case GREATEST -> 65535; case RANDOM -> draw.unsigned(16); });
      case "uint32" -> LongNode.valueOf(switch (profile) { case EMPTY, LEAST, WIDE -> 0L; case GREATEST -> 0xffffffffL; case RANDOM -> draw.unsigned(32); });
      case "int32" -> IntNode.valueOf((int) signed(32));
      case "int64" -> LongNode.valueOf(signed(64));
      case "float64" -> DoubleNode.valueOf(switch (profile) { case EMPTY, WIDE -> 0.0; case LEAST -> Double.NEGATIVE_INFINITY; case GREATEST -> Double.MAX_VALUE; case RANDOM -> draw.real(); });
      case "string" -> TextNode.valueOf(switch (profile) { case EMPTY, LEAST, WIDE -> ""; case GREATEST -> LONG_TEXT; case RANDOM -> draw.string(); });
      case "uuid" -> TextNode.valueOf(uuid().toString());
      case "bytes" -> BinaryNode.valueOf(switch (profile) { case EMPTY, LEAST, WIDE -> new byte[0]; case GREATEST -> LONG_TEXT.getBytes(java.nio.charset.StandardCharsets.UTF_8); case RANDOM -> draw.bytes(); });
      case "records" -> BinaryNode.valueOf(profile == Profile.RANDOM ? Batches.small(draw) : new byte[0]);
      default -> struct(structOf(field));
    };
  }

  private JsonNode structOf(JsonNode field) {
    JsonNode fields = definition.fieldsOf(field);
    if (fields == null) throw new IllegalStateException(definition.name() + "." + field.get("name").asText() + ": unknown type " + field.get("type").asText());
    return fields;
  }

  private long signed(int bits) {
    return switch (profile) {
      case EMPTY -> 0;
      case LEAST -> -1L << (bits - 1);
      case WIDE -> bits == 64 ? 0x0123_4567_89ab_cdefL : 0;
      case GREATEST -> ~(-1L << (bits - 1));
      case RANDOM -> draw.signed(bits);
    };
  }

  private Uuid uuid() {
    return switch (profile) {
      case EMPTY -> Uuid.ZERO_UUID;
      case LEAST, WIDE -> new Uuid(0, 1);
      case GREATEST -> new Uuid(-1, -1);
      case RANDOM -> {
        ByteBuffer buffer = ByteBuffer.wrap(draw.bytes(16));
        yield draw.chance(4) ? Uuid.ZERO_UUID : new Uuid(buffer.getLong(), buffer.getLong());
      }
    };
  }
}
