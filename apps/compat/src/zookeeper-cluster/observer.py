"""An outside observer of an ensemble, made of kazoo: lines of JSON in, lines of JSON out.

Every event that the server tells of is kept, in the order in which it came. A recursive watch (opcode 106, which kazoo
has no call for) covers all znodes below a path, and is never used up."""

import json
import logging
import sys
from collections import namedtuple

from kazoo.client import KazooClient
from kazoo.exceptions import NoNodeError
from kazoo.protocol.connection import ConnectionHandler
from kazoo.protocol.serialization import Watch, write_string

EVENTS = {1: "created", 2: "deleted", 3: "changed", 4: "children"}
PERSISTENT_RECURSIVE = 1

events = []
take_event = ConnectionHandler._read_watch_event


def keep_event(self, buffer, offset):
    watch, _ = Watch.deserialize(buffer, offset)
    events.append([EVENTS.get(watch.type, str(watch.type)), watch.path])
    take_event(self, buffer, offset)


ConnectionHandler._read_watch_event = keep_event


class AddWatch(namedtuple("AddWatch", "path mode")):
    type = 106

    def serialize(self):
        return bytes(write_string(self.path)) + self.mode.to_bytes(4, "big")

    @classmethod
    def deserialize(cls, data, offset):
        return True


def watch(client, request):
    result = client.handler.async_result()
    client._call(AddWatch(request["path"], PERSISTENT_RECURSIVE), result)
    return result.get()


def told(client, request):
    # Replies and events come in one order: with the answer, all events of earlier changes are there.
    client.sync("/")
    client.exists("/")
    return events[request["from"] :]


def zxid(client, request):
    """The last transaction of the server, or a later one that changed nothing."""
    client.sync("/")
    client.exists("/")
    return client.last_zxid


def get(client, request):
    try:
        return znode(request["path"], *client.get(request["path"]))
    except NoNodeError:
        return None


def tree(client, request):
    """All znodes at or below a path, in the order of their paths; those that go meanwhile are left out."""
    found, waiting = [], [request["path"]]
    while waiting:
        path = waiting.pop()
        try:
            found.append(znode(path, *client.get(path)))
            waiting += [f"{path.rstrip('/')}/{child}" for child in client.get_children(path)]
        except NoNodeError:
            continue
    return sorted(found, key=lambda node: node["path"])


def znode(path, data, stat):
    return {
        "path": path,
        "data": data.decode() if data else None,
        "version": stat.version,
        "ephemeral": stat.ephemeralOwner != 0,
        "owner": f"{stat.ephemeralOwner:x}",
        "created": stat.czxid,
        "modified": stat.mzxid,
    }


def create(client, request):
    return client.create(request["path"], request["data"].encode(), makepath=request.get("parents", False))


def delete(client, request):
    client.delete(request["path"])


def change(client, request):
    client.set(request["path"], request["data"].encode())


OPERATIONS = {
    "watch": watch,
    "events": told,
    "zxid": zxid,
    "get": get,
    "tree": tree,
    "create": create,
    "delete": delete,
    "change": change,
}


def main():
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    client = KazooClient(hosts=sys.argv[1], timeout=60)
    client.start(timeout=60)
    for text in iter(sys.stdin.readline, ""):
        request = json.loads(text)
        try:
            reply = {"ok": OPERATIONS[request["op"]](client, request)}
        except Exception as error:  # every failure is an answer
            reply = {"error": f"{type(error).__name__}: {error}"}
        sys.stdout.write(json.dumps(reply) + "\n")
        sys.stdout.flush()
    client.stop()


main()
