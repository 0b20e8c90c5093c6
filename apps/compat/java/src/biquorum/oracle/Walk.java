package biquorum.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BinaryNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HexFormat;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.types.RawTaggedField;
import org.apache.kafka.common.record.MemoryRecords;

/**
 * Walks a generated message beside its definition, for the two things Java's JSON leaves out: record bytes and unknown
 * tagged fields.
 */
final class Walk {
  private final Definition definition;
  private final short version;

  Walk(Definition definition, short version) {
    this.definition = definition;
    this.version = version;
  }

  /** Gives some of the structs unknown tagged fields, with tags that no version defines. */
  void addUnknownTags(Message message, Draw draw) {
    visit(message, definition.json().get("fields"), "", new Visitor() {
      @Override
      public void struct(Message struct, JsonNode fields, String path) {
        if (draw.chance(3)) return;
        int free = 0;
        for (JsonNode field : fields) if (field.has("tag")) free = Math.max(free, field.get("tag").asInt() + 1);
        TreeSet<Integer> tags = new TreeSet<>();
        for (int i = draw.below(3); i >= 0; i--) tags.add(free + (draw.chance(3) ? draw.below(20_000) : draw.below(100)));
        for (int tag : tags) struct.unknownTaggedFields().add(new RawTaggedField(tag, draw.bytes()));
      }
    });
  }

  /** Unknown tagged fields by the path of their struct, such as {@code topics.0.partitions.2}; empty for the message itself. */
  ObjectNode unknownTags(Message message) {
    TreeMap<String, ArrayNode> found = new TreeMap<>();
    visit(message, definition.json().get("fields"), "", new Visitor() {
      @Override
      public void struct(Message struct, JsonNode fields, String path) {
        if (struct.unknownTaggedFields().isEmpty()) return;
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (RawTaggedField field : struct.unknownTaggedFields()) {
          list.addArray().add(field.tag()).add(HexFormat.of().formatHex(field.data()));
        }
        found.put(path, list);
      }
    });
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    object.setAll(found);
    return object;
  }

  /** Puts the bytes of record fields into JSON that {@link Codec#toJson} made. */
  void restoreRecords(Message message, JsonNode json) {
    visit(message, definition.json().get("fields"), "", new Visitor() {
      @Override
      public void records(MemoryRecords records, String path, String property) {
        ObjectNode holder = (ObjectNode) (path.isEmpty() ? json : json.at("/" + path.replace('.', '/')));
        ByteBuffer buffer = records.buffer().duplicate();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        holder.set(property, BinaryNode.valueOf(bytes));
      }
    });
  }

  private interface Visitor {
    default void struct(Message struct, JsonNode fields, String path) {}

    default void records(MemoryRecords records, String path, String property) {}
  }

  private void visit(Message struct, JsonNode fields, String path, Visitor visitor) {
    visitor.struct(struct, fields, path);
    for (JsonNode field : fields) {
      if (!Versions.parse(field.get("versions").asText()).contains(version)) continue;
      boolean isRecords = field.get("type").asText().equals("records");
      JsonNode inner = definition.fieldsOf(field);
      if (!isRecords && inner == null) continue;
      String property = Definition.property(field);
      Object value = get(struct, property);
      String below = path.isEmpty() ? property : path + "." + property;
      if (value == null) continue;
      if (isRecords) visitor.records((MemoryRecords) value, path, property);
      else if (value instanceof Collection<?> elements) {
        int index = 0;
        for (Object element : elements) visit((Message) element, inner, below + "." + index++, visitor);
      } else if (isPresent(struct, field, value)) visit((Message) value, inner, below, visitor);
    }
  }

  /** A tagged struct at its default is absent from bytes and JSON alike. */
  private boolean isPresent(Message struct, JsonNode field, Object value) {
    if (!Versions.parse(field.path("taggedVersions").asText("none")).contains(version)) return true;
    try {
      return !value.equals(value.getClass().getConstructor().newInstance());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(struct.getClass() + "." + field.get("name").asText(), e);
    }
  }

  private static Object get(Message struct, String property) {
    try {
      return struct.getClass().getMethod(property).invoke(struct);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(struct.getClass() + " has no getter " + property, e);
    }
  }
}
