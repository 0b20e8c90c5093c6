package biquorum.oracle;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.apache.kafka.common.protocol.Message;

/** Reads bytes that others wrote, and says what Java makes of them. */
final class MessageChecker {
  private MessageChecker() {}

  static void run(Lines lines) {
    Map<String, Definition> definitions = Definition.byName();
    Map<String, Codec> codecs = new HashMap<>();
    lines.read(question -> {
      ObjectNode answer = JsonNodeFactory.instance.objectNode();
      String name = question.get("m").asText();
      short version = (short) question.get("v").asInt();
      answer.put("m", name).put("v", version);
      try {
        Definition definition = definitions.get(name);
        if (definition == null) throw new IllegalArgumentException("no message is named " + name);
        if (!definition.validVersions().contains(version)) throw new IllegalArgumentException(name + " has no version " + version);
        Codec codec = codecs.computeIfAbsent(name, n -> new Codec(definition));
        Message message = codec.decode(HexFormat.of().parseHex(question.get("hex").asText()), version);
        answer.put("hex", HexFormat.of().formatHex(codec.encode(message, version)));
        MessageRecorder.describe(definition, codec, version, message, answer);
      } catch (RuntimeException e) {
        answer.removeAll();
        answer.put("m", name).put("v", version).put("error", e.toString());
      }
      lines.write(answer);
    });
  }
}
