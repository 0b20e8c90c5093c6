"""Agent of kafka-python: a client in pure Python."""

import logging
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "python"))

import kafka
from agent_loop import CLIENT_MAX_BYTES, PATIENCE_MS, Failure, decoded, encoded, serve
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import AlterConfigOp, ConfigResource, ConfigResourceType
from kafka.errors import BrokerResponseError
from kafka.structs import OffsetAndMetadata

logging.basicConfig(stream=sys.stderr, level=logging.ERROR)

JOIN_POLL_MS = 5_000
REJOIN_POLL_MS = 1_500

base = {}
producers = {}
admins = []
member = None


def hello(request):
    base.update({
        "bootstrap_servers": request["bootstrap"],
        "reconnect_backoff_ms": 20,
        "reconnect_backoff_max_ms": 200,
        "retry_backoff_ms": 50,
    })
    return {
        "name": "kafka-python",
        "version": kafka.__version__,
        "codecs": ["none", "gzip", "snappy", "lz4", "zstd"],
        "lacksCodecs": {},
        "partitioners": ["murmur2"],
        "lacks": {"null-headers": "its producer takes header values of bytes only"},
    }


def producer_of(request):
    kind = (request["codec"], request["idempotent"], request["acks"])
    if kind not in producers:
        producers[kind] = KafkaProducer(
            **base,
            compression_type=None if request["codec"] == "none" else request["codec"],
            enable_idempotence=request["idempotent"],
            acks=request["acks"],
            max_request_size=CLIENT_MAX_BYTES,
            delivery_timeout_ms=PATIENCE_MS,
            max_block_ms=PATIENCE_MS,
            linger_ms=5,
        )
    return producers[kind]


def until_known(producer, topic, partition):
    # What it knows of a topic that has just grown is as old as its last look.
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while partition not in (producer.partitions_for(topic) or ()) and time.monotonic() < deadline:
        producer._metadata.request_update()
        time.sleep(0.05)


def produce(request):
    producer = producer_of(request)
    records = request["records"]
    for partition in {record["partition"] for record in records if record.get("partition") is not None}:
        until_known(producer, request["topic"], partition)
    pause = request.get("overMs", 0) / 1000 / max(1, len(records))
    futures = []
    for record in records:
        futures.append(
            producer.send(
                request["topic"],
                key=encoded(record["key"]),
                value=encoded(record["value"]),
                headers=[(name, encoded(value)) for name, value in record.get("headers", [])],
                partition=record.get("partition"),
                timestamp_ms=record.get("timestamp"),
            )
        )
        if pause:
            time.sleep(pause)
    producer.flush(PATIENCE_MS / 1000 + 5)
    told = request["acks"] != 0
    answers = [future.get(timeout=5) for future in futures]
    return {
        "acknowledged": [{"partition": it.partition, "offset": it.offset if told else None} for it in answers]
    }


def consumer_of(**settings):
    return KafkaConsumer(
        **base,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        fetch_max_wait_ms=100,
        max_partition_fetch_bytes=8 << 20,
        **settings,
    )


def as_record(record):
    return {
        "topic": record.topic,
        "partition": record.partition,
        "offset": record.offset,
        "timestamp": record.timestamp,
        "key": decoded(record.key),
        "value": decoded(record.value),
        "headers": [[name, decoded(value)] for name, value in record.headers],
    }


def polled(consumer, count, timeout_ms):
    batches = consumer.poll(timeout_ms=timeout_ms, max_records=count)
    return [as_record(record) for records in batches.values() for record in records]


def consume(request):
    consumer = consumer_of()
    try:
        partition = TopicPartition(request["topic"], request["partition"])
        consumer.assign([partition])
        if "offset" in request["from"]:
            consumer.seek(partition, request["from"]["offset"])
        else:
            found = consumer.offsets_for_times({partition: request["from"]["timestamp"]})[partition]
            if found is None:
                consumer.seek_to_end(partition)
            else:
                consumer.seek(partition, found.offset)
        records = []
        deadline = time.monotonic() + request["timeoutMs"] / 1000
        while len(records) < request["count"]:
            if time.monotonic() > deadline:
                raise Failure("TIMEOUT", None, f"{len(records)} of {request['count']} records came")
            records += polled(consumer, min(500, request["count"] - len(records)), 200)
        return {"records": records}
    finally:
        consumer.close()


def subscribe(request):
    global member
    member = consumer_of(
        group_id=request["groupId"],
        session_timeout_ms=request["sessionTimeoutMs"],
        heartbeat_interval_ms=request["heartbeatIntervalMs"],
    )
    member.subscribe(request["topics"])
    return {}


def poll(request):
    # A join that ends after one poll and before the next is lost on 3.0.12: the member takes itself for joined, owns
    # nothing and sends no heartbeats. Polls that join are long therefore; they end when there are records.
    patience = REJOIN_POLL_MS if member.assignment() else JOIN_POLL_MS
    records = polled(member, request["maxRecords"], max(patience, request["timeoutMs"]))
    owned = [{"topic": it.topic, "partition": it.partition} for it in member.assignment()]
    return {"records": records, "assignment": owned}


def commit(request):
    member.commit({
        TopicPartition(it["topic"], it["partition"]): OffsetAndMetadata(it["offset"], "", -1)
        for it in request["offsets"]
    })
    return {}


def leave(_):
    global member
    member.close()
    member = None
    return {}


def admin():
    if not admins:
        admins.append(KafkaAdminClient(**base))
    return admins[0]


def committed(request):
    wanted = [TopicPartition(request["topic"], index) for index in range(request["partitions"])]
    answer = admin().list_group_offsets({request["groupId"]: wanted})[request["groupId"]]
    return {
        "offsets": [
            {"topic": it.topic, "partition": it.partition, "offset": found.offset}
            for it, found in answer.items()
            if found.offset >= 0
        ]
    }


def describe_group(request):
    answer = admin().describe_groups([request["groupId"]])[request["groupId"]]
    members = []
    for it in answer["members"]:
        assignment = it["member_assignment"] or {}
        members.append({
            "partitions": [
                {"topic": topic["topic"], "partition": partition}
                for topic in assignment.get("assigned_partitions", [])
                for partition in topic["partitions"]
            ]
        })
    return {"state": answer["group_state"], "members": members}


def list_offsets(request):
    at = request["at"]
    spec = {"earliest": -2, "latest": -1}[at] if isinstance(at, str) else at["timestamp"]
    partition = TopicPartition(request["topic"], request["partition"])
    return {"offset": admin().list_partition_offsets({partition: spec})[partition].offset}


def create_topic(request):
    admin().create_topics({
        request["topic"]: {
            "num_partitions": request["partitions"],
            "replication_factor": request["replicationFactor"],
            "configs": request["configs"],
        }
    })
    return {}


def create_partitions(request):
    admin().create_partitions({request["topic"]: request["partitions"]})
    return {}


def delete_topic(request):
    admin().delete_topics([request["topic"]])
    return {}


def partition_count(request):
    # Of all topics: who asks for one by name may create it.
    for topic in admin().describe_topics():
        if topic["name"] == request["topic"]:
            return {"partitions": len(topic["partitions"])}
    return {"partitions": 0}


def describe_configs(request):
    kind = request["resource"]
    resource = ConfigResource(ConfigResourceType[kind.upper()], request["name"])
    answer = admin().describe_configs([resource], config_filter="all")[kind][request["name"]]
    return {"configs": {name: it["value"] for name, it in answer.items()}}


def alter_configs(request):
    changes = {name: (AlterConfigOp.SET, value) for name, value in request["set"].items()}
    changes.update({name: (AlterConfigOp.DELETE, None) for name in request["unset"]})
    answer = admin().alter_configs([ConfigResource(ConfigResourceType.TOPIC, request["topic"], changes)])
    result = answer["topic"][request["topic"]]
    if result != "OK":
        raise Failure("ALTER_CONFIGS", None, result)
    return {}


def to_failure(error):
    if isinstance(error, BrokerResponseError):
        # It calls MESSAGE_TOO_LARGE by its older name.
        name = "MESSAGE_TOO_LARGE" if error.errno == 10 else error.message
        return Failure(name, error.errno, str(error))
    return Failure(type(error).__name__, None, str(error))


def close():
    for producer in producers.values():
        producer.close(timeout=5)
    if member is not None:
        member.close()
    for it in admins:
        it.close()


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
