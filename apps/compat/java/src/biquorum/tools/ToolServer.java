package biquorum.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.utils.Exit;
import org.apache.log4j.PropertyConfigurator;
import org.apache.zookeeper.util.ServiceUtils;

/**
 * Runs Apache's command-line tools one after the other in one JVM: {@code {"main":"class","args":[…]}} in,
 * {@code {"status":0,"stdout":"…","stderr":"…"}} out, a line each. A tool's exit ends the tool alone; its first status
 * counts.
 */
public final class ToolServer {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ToolServer() {}

  public static void main(String[] arguments) throws IOException {
    PrintStream replies = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    ByteArrayOutputStream stderr = new ByteArrayOutputStream();
    // Before any tool is loaded: some remember what standard output was then.
    System.setOut(new PrintStream(stdout, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(stderr, true, StandardCharsets.UTF_8));
    logErrorsToStandardError();
    BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = requests.readLine(); line != null; line = requests.readLine()) {
      stdout.reset();
      stderr.reset();
      int status = run(JSON.readTree(line));
      System.out.flush();
      System.err.flush();
      ObjectNode reply = JSON.createObjectNode().put("status", status);
      reply.put("stdout", stdout.toString(StandardCharsets.UTF_8));
      reply.put("stderr", stderr.toString(StandardCharsets.UTF_8));
      replies.println(JSON.writeValueAsString(reply));
      replies.flush();
    }
    System.exit(0);
  }

  private static int run(JsonNode request) {
    List<String> args = new ArrayList<>();
    request.get("args").forEach(arg -> args.add(arg.textValue()));
    Exits exits = new Exits();
    Exit.setExitProcedure(exits);
    Exit.setHaltProcedure(exits);
    // ZooKeeper's shell has a way of its own.
    ServiceUtils.setSystemExitProcedure(status -> exits.execute(status, null));
    try {
      Class<?> tool = Class.forName(request.get("main").textValue());
      tool.getMethod("main", String[].class).invoke(null, (Object) args.toArray(new String[0]));
      return exits.first == null ? 0 : exits.first;
    } catch (InvocationTargetException e) {
      if (exits.first != null) return exits.first;
      e.getCause().printStackTrace();
      return 1;
    } catch (ReflectiveOperationException e) {
      e.printStackTrace();
      return -1;
    }
  }

  /** Ends the tool that asks to end the process. */
  private static final class Exits implements Exit.Procedure {
    private Integer first;

    @Override
    public void execute(int status, String message) {
      if (first == null) first = status;
      throw new Ended();
    }
  }

  private static final class Ended extends Error {
    private static final long serialVersionUID = 1L;

    Ended() {
      super("the tool has ended", null, false, false);
    }
  }

  private static void logErrorsToStandardError() {
    Properties logging = new Properties();
    logging.setProperty("log4j.rootLogger", "ERROR, stderr");
    logging.setProperty("log4j.appender.stderr", "org.apache.log4j.ConsoleAppender");
    logging.setProperty("log4j.appender.stderr.target", "System.err");
    logging.setProperty("log4j.appender.stderr.layout", "org.apache.log4j.PatternLayout");
    logging.setProperty("log4j.appender.stderr.layout.ConversionPattern", "%p %m (%c)%n");
    PropertyConfigurator.configure(logging);
  }
}
