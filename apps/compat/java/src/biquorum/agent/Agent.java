package biquorum.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.utils.AppInfoParser;
import org.apache.log4j.PropertyConfigurator;

/**
 * Apache's Java client as an agent of the client matrix: requests as lines of JSON on standard input, replies on
 * standard output. The protocol is that of {@code src/clients/agent-protocol.ts}.
 */
public final class Agent implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final PrintStream replies;
  private Producing producing;
  private Reading reading;
  private Membership membership;
  private Administration administration;

  private Agent(PrintStream replies) {
    this.replies = replies;
  }

  public static void main(String[] arguments) throws IOException {
    PrintStream replies = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    // Whatever else prints does so where it is taken for a log.
    System.setOut(System.err);
    logWarningsToStandardError();
    BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (Agent agent = new Agent(replies)) {
      for (String line = requests.readLine(); line != null; line = requests.readLine()) agent.serve(JSON.readTree(line));
    }
  }

  private void serve(JsonNode request) throws IOException {
    ObjectNode reply = JSON.createObjectNode().put("id", request.get("id").longValue());
    try {
      reply.set("ok", answer(request));
    } catch (Exception e) {
      reply.remove("ok");
      reply.set("error", Failures.describe(e));
    }
    print(reply);
  }

  private ObjectNode answer(JsonNode request) throws Exception {
    ObjectNode reply = JSON.createObjectNode();
    switch (request.get("op").textValue()) {
      case "hello" -> hello(request, reply);
      case "produce" -> producing.produce(request, reply);
      case "consume" -> stream(request, reading.consume(request));
      case "subscribe" -> membership.subscribe(request);
      case "poll" -> stream(request, membership.poll(request, reply));
      case "commit" -> membership.commit(request);
      case "leave" -> membership.leave();
      default -> administration.answer(request, reply);
    }
    return reply;
  }

  private void hello(JsonNode request, ObjectNode reply) {
    List<String> addresses = new ArrayList<>();
    request.get("bootstrap").forEach(address -> addresses.add(address.textValue()));
    Map<String, Object> common = Map.of("bootstrap.servers", String.join(",", addresses), "client.id", "biquorum-agent");
    producing = new Producing(common);
    reading = new Reading(common);
    membership = new Membership(common);
    administration = new Administration(common);
    reply.put("name", "Apache Java client").put("version", AppInfoParser.getVersion());
    ArrayNode codecs = reply.putArray("codecs");
    for (String codec : List.of("none", "gzip", "snappy", "lz4", "zstd")) codecs.add(codec);
    reply.putObject("lacksCodecs");
    reply.putArray("partitioners").add("murmur2");
    reply.putObject("lacks");
  }

  /** Sends records in lines of bounded length. */
  private void stream(JsonNode request, List<ObjectNode> records) throws IOException {
    ArrayNode chunk = JSON.createArrayNode();
    long length = 0;
    for (ObjectNode record : records) {
      int size = record.path("value").asText().length() + record.path("key").asText().length();
      if (chunk.size() == Limits.CHUNK_RECORDS || length + size > Limits.CHUNK_BYTES && !chunk.isEmpty()) {
        printRecords(request, chunk);
        chunk = JSON.createArrayNode();
        length = 0;
      }
      chunk.add(record);
      length += size;
    }
    if (!chunk.isEmpty()) printRecords(request, chunk);
  }

  private void printRecords(JsonNode request, ArrayNode chunk) throws IOException {
    ObjectNode line = JSON.createObjectNode().put("id", request.get("id").longValue());
    line.set("records", chunk);
    print(line);
  }

  private void print(ObjectNode line) throws IOException {
    replies.println(JSON.writeValueAsString(line));
    replies.flush();
  }

  @Override
  public void close() {
    if (membership == null) return;
    membership.close();
    producing.close();
    administration.close();
  }

  private static void logWarningsToStandardError() {
    Properties logging = new Properties();
    logging.put("log4j.rootLogger", "WARN, stderr");
    logging.put("log4j.appender.stderr", "org.apache.log4j.ConsoleAppender");
    logging.put("log4j.appender.stderr.target", "System.err");
    logging.put("log4j.appender.stderr.layout", "org.apache.log4j.PatternLayout");
    logging.put("log4j.appender.stderr.layout.ConversionPattern", "[%d] %p %m (%c)%n");
    PropertyConfigurator.configure(logging);
  }
}
