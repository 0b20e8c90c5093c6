package biquorum.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import kafka.server.DynamicBrokerConfig$;
import kafka.server.KafkaConfig$;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.server.config.ConfigSynonym;
import org.apache.kafka.server.config.QuotaConfigs;
import org.apache.kafka.server.config.ServerTopicConfigSynonyms;
import org.apache.kafka.storage.internals.log.LogConfig;

/**
 * What Apache Kafka's own classes say about settings, as JSON lines.
 *
 * <pre>
 * facts    one line for each setting of brokers, of topics, and of brokers at run time only; descriptions stay in the jar
 * values   reads {"table","name","value"} lines, answers how the value is written once read, or that it is refused
 * </pre>
 */
public final class ConfigFacts {
  private static final Map<String, ConfigDef> TABLES =
      Map.of("broker", KafkaConfig$.MODULE$.configDef(), "topic", LogConfig.configDefCopy(), "dynamic", QuotaConfigs.brokerQuotaConfigs());

  private ConfigFacts() {}

  public static void main(String[] arguments) throws Exception {
    try (Lines lines = new Lines()) {
      switch (arguments.length == 0 ? "" : arguments[0]) {
        case "facts" -> new TreeMap<>(TABLES).forEach((table, definition) ->
            new TreeMap<>(definition.configKeys()).values().forEach(key -> lines.write(facts(table, key))));
        case "values" -> lines.read(question -> lines.write(read(question)));
        default -> {
          System.err.println("unknown command: see the comment at the head of ConfigFacts.java");
          System.exit(2);
        }
      }
    }
  }

  private static ObjectNode facts(String table, ConfigKey key) {
    ObjectNode row = JsonNodeFactory.instance.objectNode();
    row.put("table", table);
    row.put("name", key.name);
    row.put("type", key.type.name().toLowerCase(Locale.ROOT));
    row.put("defaultValue", ConfigDef.convertToString(key.defaultValue, key.type));
    row.put("validator", key.validator == null ? null : key.validator.getClass().getSimpleName());
    row.put("validatorText", key.validator == null ? null : key.validator.toString());
    row.put("internal", key.internalConfig);
    row.put("sensitive", KafkaConfig$.MODULE$.maybeSensitive(scala.Option.apply(key.type)));
    row.put("update", table.equals("broker") ? DynamicBrokerConfig$.MODULE$.dynamicConfigUpdateModes().get(key.name) : null);
    ArrayNode synonyms = row.putArray("synonyms");
    if (table.equals("topic")) {
      for (ConfigSynonym synonym : ServerTopicConfigSynonyms.ALL_TOPIC_CONFIG_SYNONYMS.getOrDefault(key.name, java.util.List.of())) {
        ObjectNode entry = synonyms.addObject();
        entry.put("name", synonym.name());
        entry.put("factor", Long.parseLong(factor(synonym)));
      }
    }
    return row;
  }

  /** What one unit of the broker's setting is worth in the topic's; texts are passed on as they are. */
  private static String factor(ConfigSynonym synonym) {
    String one = synonym.converter().apply("1");
    return one.isEmpty() ? "1" : one;
  }

  private static ObjectNode read(JsonNode question) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    ConfigKey key = TABLES.get(question.get("table").asText()).configKeys().get(question.get("name").asText());
    try {
      Object value = ConfigDef.parseType(key.name, question.get("value").asText(), key.type);
      if (key.validator != null) key.validator.ensureValid(key.name, value);
      answer.put("text", ConfigDef.convertToString(value, key.type));
    } catch (RuntimeException e) {
      answer.put("refused", true);
    }
    return answer;
  }
}
