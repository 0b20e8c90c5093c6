package biquorum.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.MessageUtil;

/** The generated class of a message and its JSON converter, found by name. */
final class Codec {
  private final Class<? extends Message> messageClass;
  private final Method readJson;
  private final Method writeJson;

  Codec(Definition definition) {
    String suffix = switch (definition.json().get("type").asText()) {
      case "request", "response", "header" -> "Data";
      default -> "";
    };
    String name = definition.javaPackage() + "." + definition.name() + suffix;
    try {
      messageClass = Class.forName(name).asSubclass(Message.class);
      Class<?> converter = Class.forName(name + "JsonConverter");
      readJson = converter.getMethod("read", JsonNode.class, short.class);
      writeJson = converter.getMethod("write", messageClass, short.class, boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no generated class for " + definition.resource() + " in " + definition.jar(), e);
    }
  }

  /** A message as its constructor leaves it: every field at its default. */
  Message defaults() {
    try {
      return messageClass.getConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  Message fromJson(JsonNode json, short version) {
    return (Message) call(readJson, json, version);
  }

  /** Java's JSON. The converters leave record bytes out; {@link Walk} puts them back. */
  JsonNode toJson(Message message, short version) {
    return (JsonNode) call(writeJson, message, version, true);
  }

  byte[] encode(Message message, short version) {
    ByteBuffer buffer = MessageUtil.toByteBuffer(message, version);
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  /** Reads a whole message; bytes left over are an error. */
  Message decode(byte[] bytes, short version) {
    Message message = defaults();
    ByteBufferAccessor accessor = new ByteBufferAccessor(ByteBuffer.wrap(bytes));
    message.read(accessor, version);
    if (accessor.remaining() > 0) throw new IllegalArgumentException(accessor.remaining() + " bytes are left over");
    return message;
  }

  private static Object call(Method method, Object... arguments) {
    try {
      return method.invoke(null, arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException cause) throw cause;
      throw new IllegalStateException(e.getCause());
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }
}
