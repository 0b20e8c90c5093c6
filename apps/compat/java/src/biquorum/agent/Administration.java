package biquorum.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** What is asked of the admin client, which is made at first use. */
final class Administration implements AutoCloseable {
  private final Map<String, Object> common;
  private Admin admin;

  Administration(Map<String, Object> common) {
    this.common = common;
  }

  void answer(JsonNode request, ObjectNode reply) throws ExecutionException, InterruptedException {
    String op = request.get("op").textValue();
    switch (op) {
      case "committed" -> committed(request, reply.putArray("offsets"));
      case "describeGroup" -> describeGroup(request, reply);
      case "listOffsets" -> listOffsets(request, reply);
      case "createTopic" -> createTopic(request);
      case "createPartitions" -> createPartitions(request);
      case "deleteTopic" -> admin().deleteTopics(List.of(topic(request))).all().get();
      case "partitionCount" -> reply.put("partitions", partitionCount(topic(request)));
      case "describeConfigs" -> describeConfigs(request, reply.putObject("configs"));
      case "alterConfigs" -> alterConfigs(request);
      default -> throw new IllegalArgumentException("there is no operation " + op);
    }
  }

  private void committed(JsonNode request, ArrayNode offsets) throws ExecutionException, InterruptedException {
    admin().listConsumerGroupOffsets(request.get("groupId").textValue()).partitionsToOffsetAndMetadata().get().forEach((partition, committed) -> {
      if (committed == null || !partition.topic().equals(topic(request))) return;
      offsets.addObject().put("topic", partition.topic()).put("partition", partition.partition()).put("offset", committed.offset());
    });
  }

  private void describeGroup(JsonNode request, ObjectNode reply) throws ExecutionException, InterruptedException {
    String groupId = request.get("groupId").textValue();
    ConsumerGroupDescription group = admin().describeConsumerGroups(List.of(groupId)).describedGroups().get(groupId).get();
    reply.put("state", group.state().toString());
    ArrayNode members = reply.putArray("members");
    for (MemberDescription member : group.members()) {
      ArrayNode partitions = members.addObject().putArray("partitions");
      member.assignment().topicPartitions().forEach(partition -> Records.addPartition(partitions, partition));
    }
  }

  private void listOffsets(JsonNode request, ObjectNode reply) throws ExecutionException, InterruptedException {
    TopicPartition partition = Records.partition(request);
    JsonNode at = request.get("at");
    OffsetSpec spec = at.has("timestamp") ? OffsetSpec.forTimestamp(at.get("timestamp").longValue())
        : at.textValue().equals("earliest") ? OffsetSpec.earliest() : OffsetSpec.latest();
    reply.put("offset", admin().listOffsets(Map.of(partition, spec)).partitionResult(partition).get().offset());
  }

  private void createTopic(JsonNode request) throws ExecutionException, InterruptedException {
    NewTopic created = new NewTopic(topic(request), request.get("partitions").intValue(), request.get("replicationFactor").shortValue());
    Map<String, String> configs = new HashMap<>();
    request.get("configs").fields().forEachRemaining(entry -> configs.put(entry.getKey(), entry.getValue().textValue()));
    admin().createTopics(List.of(created.configs(configs))).all().get();
  }

  private void createPartitions(JsonNode request) throws ExecutionException, InterruptedException {
    NewPartitions total = NewPartitions.increaseTo(request.get("partitions").intValue());
    admin().createPartitions(Map.of(topic(request), total)).all().get();
  }

  private int partitionCount(String topic) throws ExecutionException, InterruptedException {
    try {
      return admin().describeTopics(List.of(topic)).topicNameValues().get(topic).get().partitions().size();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) return 0;
      throw e;
    }
  }

  private void describeConfigs(JsonNode request, ObjectNode configs) throws ExecutionException, InterruptedException {
    boolean ofTopic = request.get("resource").textValue().equals("topic");
    ConfigResource.Type type = ofTopic ? ConfigResource.Type.TOPIC : ConfigResource.Type.BROKER;
    ConfigResource resource = new ConfigResource(type, request.get("name").textValue());
    for (ConfigEntry entry : admin().describeConfigs(List.of(resource)).values().get(resource).get().entries()) {
      configs.put(entry.name(), entry.value());
    }
  }

  private void alterConfigs(JsonNode request) throws ExecutionException, InterruptedException {
    List<AlterConfigOp> changes = new ArrayList<>();
    request.get("set").fields().forEachRemaining(entry ->
        changes.add(new AlterConfigOp(new ConfigEntry(entry.getKey(), entry.getValue().textValue()), AlterConfigOp.OpType.SET)));
    request.get("unset").forEach(name ->
        changes.add(new AlterConfigOp(new ConfigEntry(name.textValue(), null), AlterConfigOp.OpType.DELETE)));
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic(request));
    admin().incrementalAlterConfigs(Map.of(resource, changes)).all().get();
  }

  private static String topic(JsonNode request) {
    return request.get("topic").textValue();
  }

  private Admin admin() {
    if (admin == null) {
      Map<String, Object> settings = new HashMap<>(common);
      settings.put("request.timeout.ms", Limits.REQUEST_MS);
      settings.put("default.api.timeout.ms", Limits.PATIENCE_MS);
      admin = Admin.create(settings);
    }
    return admin;
  }

  @Override
  public void close() {
    if (admin != null) admin.close();
  }
}
