package biquorum.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;
import java.util.Map;

/** The facts of the definitions, one object per message; descriptions are left out. */
final class Facts {
  private Facts() {}

  static void run(Lines out) {
    for (Definition definition : Definition.all()) {
      ObjectNode facts = JsonNodeFactory.instance.objectNode();
      facts.put("jar", definition.jar());
      facts.put("resource", definition.resource());
      facts.setAll((ObjectNode) withoutDescriptions(definition.json()));
      out.write(facts);
    }
  }

  private static JsonNode withoutDescriptions(JsonNode node) {
    if (node.isArray()) {
      ArrayNode copy = JsonNodeFactory.instance.arrayNode();
      for (JsonNode element : node) copy.add(withoutDescriptions(element));
      return copy;
    }
    if (!node.isObject()) return node;
    ObjectNode copy = JsonNodeFactory.instance.objectNode();
    for (Iterator<Map.Entry<String, JsonNode>> fields = node.fields(); fields.hasNext(); ) {
      Map.Entry<String, JsonNode> field = fields.next();
      // Apache's generator takes a default that is a null literal, and not the text "null", for no default at all.
      if (field.getKey().equals("about") || field.getValue().isNull()) continue;
      copy.set(field.getKey(), withoutDescriptions(field.getValue()));
    }
    return copy;
  }
}
