package biquorum.oracle;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * A message definition that lies in one of Apache's jars as a JSON resource, and where it was found.
 *
 * @param jar file name of the jar
 * @param javaPackage package of the classes that were generated from it
 */
record Definition(String jar, String resource, String javaPackage, JsonNode json, Map<String, JsonNode> structs) {
  private static final ObjectMapper LENIENT = new ObjectMapper().enable(JsonParser.Feature.ALLOW_COMMENTS);
  private static final Pattern RESOURCE = Pattern.compile("(common/message|common/metadata|message)/[A-Za-z]+\\.json");

  /** Where each jar's generated classes live. The jars do not say; a jar that is missing here holds no definitions we know. */
  private static final Map<String, String> PACKAGES = Map.of(
      "kafka-clients", "org.apache.kafka.common.message",
      "kafka-metadata", "org.apache.kafka.common.metadata",
      "kafka-raft", "org.apache.kafka.raft.generated",
      "kafka-storage", "org.apache.kafka.server.log.remote.metadata.storage.generated",
      "kafka-group-coordinator", "org.apache.kafka.coordinator.group.generated",
      "kafka-transaction-coordinator", "org.apache.kafka.coordinator.transaction.generated");

  /** Every definition on the class path, sorted by jar and name. */
  static List<Definition> all() {
    List<Definition> found = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      File jar = new File(entry);
      if (jar.isFile() && jar.getName().startsWith("kafka-")) readJar(jar, found);
    }
    found.sort(Comparator.comparing(Definition::jar).thenComparing(Definition::name));
    return found;
  }

  static Map<String, Definition> byName() {
    Map<String, Definition> map = new HashMap<>();
    for (Definition definition : all()) {
      if (map.put(definition.name(), definition) != null) throw new IllegalStateException("two definitions named " + definition.name());
    }
    return map;
  }

  String name() {
    return json.get("name").asText();
  }

  Versions validVersions() {
    return Versions.parse(json.get("validVersions").asText());
  }

  Versions flexibleVersions() {
    return Versions.parse(json.path("flexibleVersions").asText("none"));
  }

  /** Fields of the struct that a field's type names: inline, or one of the message's common structs. */
  JsonNode fieldsOf(JsonNode field) {
    JsonNode inline = field.get("fields");
    if (inline != null) return inline;
    return structs.get(elementType(field));
  }

  static boolean isArray(JsonNode field) {
    return field.get("type").asText().startsWith("[]");
  }

  static String elementType(JsonNode field) {
    String type = field.get("type").asText();
    return type.startsWith("[]") ? type.substring(2) : type;
  }

  /** Property name in Java's JSON, and name of the getter in the generated class. */
  static String property(JsonNode field) {
    String name = field.get("name").asText();
    return Character.toLowerCase(name.charAt(0)) + name.substring(1);
  }

  private static void readJar(File jar, List<Definition> into) {
    try (ZipFile zip = new ZipFile(jar)) {
      for (ZipEntry entry : zip.stream().toList()) {
        if (!RESOURCE.matcher(entry.getName()).matches()) continue;
        JsonNode json = LENIENT.readTree(zip.getInputStream(entry));
        String artifact = jar.getName().replaceFirst("-[0-9].*$", "");
        String javaPackage = PACKAGES.get(artifact);
        if (javaPackage == null) throw new IllegalStateException("definitions in a jar whose package is not known: " + jar.getName());
        Map<String, JsonNode> structs = new HashMap<>();
        for (JsonNode struct : json.path("commonStructs")) structs.put(struct.get("name").asText(), struct.get("fields"));
        into.add(new Definition(jar.getName(), entry.getName(), javaPackage, json, structs));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + jar, e);
    }
  }
}
