package biquorum.clients;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.kafka.common.header.Header;

/** The form in which our programs print a record: one line of JSON, bytes in base64. */
final class RecordLines {
  private static final ObjectMapper JSON = new ObjectMapper();

  private RecordLines() {}

  static ObjectNode record(String topic, long offset, long timestamp, byte[] key, byte[] value, Iterable<Header> headers) {
    ObjectNode line = JsonNodeFactory.instance.objectNode();
    line.put("topic", topic).put("offset", offset).put("timestamp", timestamp).put("key", key).put("value", value);
    ArrayNode list = line.putArray("headers");
    for (Header header : headers) list.addArray().add(header.key()).add(header.value());
    return line;
  }

  static String text(ObjectNode line) {
    try {
      return JSON.writeValueAsString(line);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
