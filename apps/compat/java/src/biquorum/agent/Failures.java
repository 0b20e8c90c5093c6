package biquorum.agent;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.protocol.Errors;

/** What went wrong, in the protocol's words where the broker said so. */
final class Failures {
  private Failures() {}

  static ObjectNode describe(Throwable thrown) {
    Throwable cause = thrown;
    while ((cause instanceof ExecutionException || cause instanceof CompletionException) && cause.getCause() != null) {
      cause = cause.getCause();
    }
    Errors error = Errors.forException(cause);
    ObjectNode described = JsonNodeFactory.instance.objectNode();
    if (madeByClient(cause, error)) described.put("name", cause.getClass().getSimpleName()).putNull("code");
    else described.put("name", error.name()).put("code", error.code());
    return described.put("message", String.valueOf(cause.getMessage()));
  }

  private static boolean madeByClient(Throwable cause, Errors error) {
    return switch (error) {
      case UNKNOWN_SERVER_ERROR -> !(cause instanceof UnknownServerException);
      // The client throws the same when it gives up by itself, with other words.
      case REQUEST_TIMED_OUT -> cause instanceof TimeoutException && !error.message().equals(cause.getMessage());
      default -> false;
    };
  }
}
