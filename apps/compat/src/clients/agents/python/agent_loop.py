"""What agents in Python share: lines of JSON in, lines of JSON out (see agent-protocol.ts)."""

import json
import sys
import traceback

CHUNK_RECORDS = 500
CHUNK_BYTES = 1 << 20
PATIENCE_MS = 60_000
CLIENT_MAX_BYTES = 64 << 20


class Failure(Exception):
    """A failure of the client, told by name and, if the broker answered it, by the protocol's code."""

    def __init__(self, name, code, message):
        super().__init__(message)
        self.failure = {"name": name, "code": code, "message": message}


def encoded(text):
    return None if text is None else text.encode()


def decoded(data):
    return None if data is None else bytes(data).decode()


def serve(operations, to_failure, close):
    """Answers requests until the input ends. `operations` maps names to functions of a request; what they return is
    the reply. `to_failure` makes a Failure of the client's own exceptions."""
    out = sys.stdout
    sys.stdout = sys.stderr

    def say(line):
        out.write(json.dumps(line) + "\n")
        out.flush()

    for text in iter(sys.stdin.readline, ""):
        request = json.loads(text)
        try:
            reply = operations[request["op"]](request)
            if "records" in reply:
                for chunk in chunks(reply.pop("records")):
                    say({"id": request["id"], "records": chunk})
            say({"id": request["id"], "ok": reply})
        except Exception as error:  # every failure is an answer
            failure = error if isinstance(error, Failure) else to_failure(error)
            if failure.failure["code"] is None:
                traceback.print_exc()
            say({"id": request["id"], "error": failure.failure})
    close()


def chunks(records):
    chunk, size = [], 0
    for record in records:
        chunk.append(record)
        size += len(record["key"] or "") + len(record["value"] or "") + 100
        if len(chunk) >= CHUNK_RECORDS or size >= CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk
