package biquorum.oracle;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidMetadataException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.message.ApiMessageType.ListenerType;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** The two enumerations every peer must agree on: errors and API keys. */
final class Tables {
  private Tables() {}

  static void errors(Lines out) {
    for (Errors error : Errors.values()) {
      ApiException exception = error.exception();
      ObjectNode row = JsonNodeFactory.instance.objectNode();
      row.put("code", error.code());
      row.put("name", error.name());
      row.put("retriable", exception instanceof RetriableException);
      row.put("invalidMetadata", exception instanceof InvalidMetadataException);
      out.write(row);
    }
  }

  static void apis(Lines out) {
    for (ApiKeys api : ApiKeys.values()) {
      ObjectNode row = JsonNodeFactory.instance.objectNode();
      row.put("key", api.id);
      row.put("name", api.name);
      row.put("oldestVersion", api.oldestVersion());
      row.put("latestVersion", api.latestVersion(true));
      row.put("clusterAction", api.clusterAction);
      row.put("forwardable", api.forwardable);
      ArrayNode listeners = row.putArray("listeners");
      for (ListenerType listener : ListenerType.values()) {
        if (api.inScope(listener)) listeners.add(listener.name().toLowerCase(Locale.ROOT));
      }
      ArrayNode versions = row.putArray("versions");
      for (short version : api.allVersions()) {
        ObjectNode entry = versions.addObject();
        entry.put("version", version);
        entry.put("stable", api.isVersionEnabled(version, false));
        entry.put("deprecated", api.isVersionDeprecated(version));
        entry.put("requestHeader", api.requestHeaderVersion(version));
        entry.put("responseHeader", api.responseHeaderVersion(version));
      }
      out.write(row);
    }
  }
}
