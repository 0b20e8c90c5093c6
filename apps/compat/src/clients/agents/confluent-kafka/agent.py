"""Agent of confluent-kafka for Python: librdkafka as most services use it."""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "python"))

import confluent_kafka
from agent_loop import CLIENT_MAX_BYTES, PATIENCE_MS, Failure, decoded, encoded, serve
from confluent_kafka import Consumer, ConsumerGroupTopicPartitions, KafkaError, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewPartitions,
    NewTopic,
    OffsetSpec,
)

PARTITIONERS = {"crc32": "consistent_random", "murmur2": "murmur2_random"}

base = {}
producers = {}
admins = []
member = None


def hello(request):
    base.update({
        "bootstrap.servers": ",".join(request["bootstrap"]),
        "topic.metadata.refresh.fast.interval.ms": 50,
        "reconnect.backoff.ms": 20,
        "reconnect.backoff.max.ms": 200,
        "log_level": 3,
    })
    return {
        "name": "confluent-kafka (Python)",
        "version": f"{confluent_kafka.version()} (librdkafka {confluent_kafka.libversion()[0]})",
        "codecs": ["none", "gzip", "snappy", "lz4", "zstd"],
        "lacksCodecs": {},
        "partitioners": ["crc32", "murmur2"],
        "lacks": {},
    }


def producer_of(request):
    partitioner = PARTITIONERS[request.get("partitioner", "crc32")]
    kind = (request["codec"], request["idempotent"], request["acks"], partitioner)
    if kind not in producers:
        producers[kind] = Producer({
            **base,
            "compression.type": request["codec"],
            "enable.idempotence": request["idempotent"],
            "acks": request["acks"],
            "partitioner": partitioner,
            "message.max.bytes": CLIENT_MAX_BYTES,
            "message.timeout.ms": PATIENCE_MS,
            "retry.backoff.ms": 50,
            "linger.ms": 5,
        })
    return producers[kind]


def produce(request):
    producer = producer_of(request)
    records = request["records"]
    reports = [None] * len(records)
    pause = request.get("overMs", 0) / 1000 / max(1, len(records))
    for index, record in enumerate(records):
        def report(error, message, index=index):
            reports[index] = (error, message)

        producer.produce(
            request["topic"],
            key=encoded(record["key"]),
            value=encoded(record["value"]),
            headers=[(name, encoded(value)) for name, value in record.get("headers", [])] or None,
            partition=record.get("partition", -1),
            timestamp=record.get("timestamp", 0),
            on_delivery=report,
        )
        if pause:
            time.sleep(pause)
        producer.poll(0)
    producer.flush(PATIENCE_MS / 1000 + 5)
    for report in reports:
        if report is None:
            raise Failure("NOT_DELIVERED", None, "a record was neither acknowledged nor refused")
        if report[0] is not None:
            raise KafkaException(report[0])
    # Without an acknowledgement librdkafka makes offsets up.
    told = request["acks"] != 0
    return {
        "acknowledged": [
            {"partition": message.partition(), "offset": message.offset() if told else None} for _, message in reports
        ]
    }


def consumer_of(settings):
    return Consumer({
        **base,
        "auto.offset.reset": "earliest",
        "enable.auto.commit": False,
        "enable.partition.eof": False,
        "fetch.wait.max.ms": 100,
        "fetch.message.max.bytes": 8 << 20,
        **settings,
    })


def as_record(message):
    kind, timestamp = message.timestamp()
    return {
        "topic": message.topic(),
        "partition": message.partition(),
        "offset": message.offset(),
        "timestamp": timestamp if kind else None,
        "key": decoded(message.key()),
        "value": decoded(message.value()),
        "headers": [[name, decoded(value)] for name, value in message.headers() or []],
    }


def checked(messages):
    for message in messages:
        if message.error() is not None and not message.error().retriable():
            # Brokers that go away are told in passing; the client goes on by itself.
            if message.error().code() in (KafkaError._TRANSPORT, KafkaError._ALL_BROKERS_DOWN):
                continue
            raise KafkaException(message.error())
        if message.error() is None:
            yield as_record(message)


def consume(request):
    consumer = consumer_of({"group.id": "never-joined"})
    try:
        start = TopicPartition(request["topic"], request["partition"])
        if "offset" in request["from"]:
            start.offset = request["from"]["offset"]
        else:
            start.offset = request["from"]["timestamp"]
            [start] = consumer.offsets_for_times([start], timeout=30)
            if start.error is not None:
                raise KafkaException(start.error)
        consumer.assign([start])
        records = []
        deadline = time.monotonic() + request["timeoutMs"] / 1000
        while len(records) < request["count"]:
            if time.monotonic() > deadline:
                raise Failure("TIMEOUT", None, f"{len(records)} of {request['count']} records came")
            records += checked(consumer.consume(min(500, request["count"] - len(records)), 0.2))
        return {"records": records}
    finally:
        consumer.close()


def subscribe(request):
    global member
    member = consumer_of({
        "group.id": request["groupId"],
        "session.timeout.ms": request["sessionTimeoutMs"],
        "heartbeat.interval.ms": request["heartbeatIntervalMs"],
    })
    member.subscribe(request["topics"])
    return {}


def poll(request):
    records = list(checked(member.consume(request["maxRecords"], request["timeoutMs"] / 1000)))
    owned = [{"topic": it.topic, "partition": it.partition} for it in member.assignment()]
    return {"records": records, "assignment": owned}


def commit(request):
    offsets = [TopicPartition(it["topic"], it["partition"], it["offset"]) for it in request["offsets"]]
    for it in member.commit(offsets=offsets, asynchronous=False):
        if it.error is not None:
            raise KafkaException(it.error)
    return {}


def leave(_):
    global member
    member.close()
    member = None
    return {}


def admin():
    if not admins:
        admins.append(AdminClient(base))
    return admins[0]


def only(futures):
    [future] = futures.values()
    return future.result(60)


def committed(request):
    partitions = [TopicPartition(request["topic"], index) for index in range(request["partitions"])]
    answer = only(admin().list_consumer_group_offsets([ConsumerGroupTopicPartitions(request["groupId"], partitions)]))
    return {
        "offsets": [
            {"topic": it.topic, "partition": it.partition, "offset": it.offset}
            for it in answer.topic_partitions
            if it.offset >= 0
        ]
    }


def describe_group(request):
    answer = only(admin().describe_consumer_groups([request["groupId"]]))
    return {
        "state": answer.state.name,
        "members": [
            {
                "partitions": [
                    {"topic": it.topic, "partition": it.partition} for it in member.assignment.topic_partitions
                ]
            }
            for member in answer.members
        ],
    }


def list_offsets(request):
    at = request["at"]
    if at == "earliest":
        spec = OffsetSpec.earliest()
    elif at == "latest":
        spec = OffsetSpec.latest()
    else:
        spec = OffsetSpec.for_timestamp(at["timestamp"])
    answer = only(admin().list_offsets({TopicPartition(request["topic"], request["partition"]): spec}))
    return {"offset": answer.offset}


def create_topic(request):
    only(admin().create_topics([
        NewTopic(
            request["topic"],
            num_partitions=request["partitions"],
            replication_factor=request["replicationFactor"],
            config=request["configs"],
        )
    ]))
    return {}


def create_partitions(request):
    only(admin().create_partitions([NewPartitions(request["topic"], request["partitions"])]))
    return {}


def delete_topic(request):
    only(admin().delete_topics([request["topic"]]))
    return {}


def partition_count(request):
    # Of all topics: who asks for one by name may create it.
    topic = admin().list_topics(timeout=30).topics.get(request["topic"])
    return {"partitions": 0 if topic is None else len(topic.partitions)}


def describe_configs(request):
    kind = {"topic": ConfigResource.Type.TOPIC, "broker": ConfigResource.Type.BROKER}[request["resource"]]
    answer = only(admin().describe_configs([ConfigResource(kind, request["name"])]))
    return {"configs": {name: entry.value for name, entry in answer.items()}}


def alter_configs(request):
    entries = [
        ConfigEntry(name, value, incremental_operation=AlterConfigOpType.SET) for name, value in request["set"].items()
    ] + [ConfigEntry(name, None, incremental_operation=AlterConfigOpType.DELETE) for name in request["unset"]]
    only(admin().incremental_alter_configs([
        ConfigResource(ConfigResource.Type.TOPIC, request["topic"], incremental_configs=entries)
    ]))
    return {}


def to_failure(error):
    if isinstance(error, KafkaException) and isinstance(error.args[0], KafkaError):
        known = error.args[0]
        # librdkafka's own codes are negative; it calls MESSAGE_TOO_LARGE by its older name.
        name = "MESSAGE_TOO_LARGE" if known.code() == 10 else known.name()
        return Failure(name, known.code() if known.code() >= 0 else None, known.str())
    return Failure(type(error).__name__, None, str(error))


def close():
    for producer in producers.values():
        producer.flush(5)
    if member is not None:
        member.close()


serve(
    {
        "hello": hello,
        "produce": produce,
        "consume": consume,
        "subscribe": subscribe,
        "poll": poll,
        "commit": commit,
        "leave": leave,
        "committed": committed,
        "describeGroup": describe_group,
        "listOffsets": list_offsets,
        "createTopic": create_topic,
        "createPartitions": create_partitions,
        "deleteTopic": delete_topic,
        "partitionCount": partition_count,
        "describeConfigs": describe_configs,
        "alterConfigs": alter_configs,
    },
    to_failure,
    close,
)
