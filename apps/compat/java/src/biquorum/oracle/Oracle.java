package biquorum.oracle;

import java.util.HashMap;
import java.util.Map;

/**
 * What Apache Kafka's own classes say about the wire, as JSON lines.
 *
 * <pre>
 * definitions                    facts of every message definition in the jars
 * errors                         the error table
 * apis                           the API keys: versions, header versions, listeners
 * messages --seed N --random K   values of every message in every version, as bytes and as JSON
 * check-messages                 reads {"m","v","hex"} lines, answers with Java's JSON and re-encoded bytes, or the error
 * batches --seed N --random K    record batches with every codec, as bytes and as values
 * check-batches                  reads {"hex"} lines, answers with the batches' values, or the error
 * </pre>
 */
public final class Oracle {
  private Oracle() {}

  public static void main(String[] arguments) throws Exception {
    String command = arguments.length == 0 ? "" : arguments[0];
    Map<String, String> options = new HashMap<>();
    for (int i = 1; i + 1 < arguments.length; i += 2) options.put(arguments[i], arguments[i + 1]);
    long seed = Long.parseLong(options.getOrDefault("--seed", "1"));
    int random = Integer.parseInt(options.getOrDefault("--random", "2"));
    try (Lines lines = new Lines()) {
      switch (command) {
        case "definitions" -> Facts.run(lines);
        case "errors" -> Tables.errors(lines);
        case "apis" -> Tables.apis(lines);
        case "messages" -> MessageRecorder.run(seed, random, lines);
        case "check-messages" -> MessageChecker.run(lines);
        case "batches" -> BatchRecorder.run(seed, random, lines);
        case "check-batches" -> BatchChecker.run(lines);
        default -> {
          System.err.println("unknown command '" + command + "': see the comment at the head of Oracle.java");
          System.exit(2);
        }
      }
    }
  }
}
