"""What kazoo and its recipes do with a ZooKeeper: prints what it sees, without times and ids."""

import logging
import sys
import threading
import time

from kazoo.client import KazooClient, KazooState
from kazoo.exceptions import KazooException
from kazoo.recipe.watchers import ChildrenWatch, DataWatch
from kazoo.security import make_acl, make_digest_acl

logging.disable(logging.CRITICAL)
CONNECT = sys.argv[1]
TIMEOUT = 60


def say(*words):
    print(*words, flush=True)


def connect(**options):
    client = KazooClient(hosts=CONNECT, timeout=10, **options)
    client.start(timeout=TIMEOUT)
    return client


def outcome(call, *args, **options):
    """What a call came to: its error by name, or what it returned."""
    try:
        return call(*args, **options)
    except KazooException as error:
        return type(error).__name__


def until(condition, what):
    deadline = time.monotonic() + TIMEOUT
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(what)
        time.sleep(0.01)


def stat(value):
    return f"version={value.version} cversion={value.cversion} aversion={value.aversion} length={value.dataLength} children={value.numChildren} ephemeral={value.ephemeralOwner != 0}"


def basics(zk):
    say(outcome(zk.create, "/kazoo-k", b"one"))
    say(outcome(zk.create, "/kazoo-k", b"two"))
    say(outcome(zk.create, "/kazoo-k/b/c", b"deep"))
    say(outcome(zk.create, "/kazoo-k/b/c", b"deep", makepath=True))
    data, about = zk.get("/kazoo-k")
    say(data, stat(about))
    say(stat(zk.set("/kazoo-k", b"three", version=0)), outcome(zk.set, "/kazoo-k", b"x", version=0))
    say(sorted(zk.get_children("/kazoo-k")), zk.exists("/kazoo-none"))
    path, about = zk.create("/kazoo-k/with-stat", b"", include_data=True)
    say(path, stat(about))
    say(outcome(zk.delete, "/kazoo-k/b"), outcome(zk.delete, "/kazoo-none"), outcome(zk.delete, "/kazoo-k/b/c", version=4))
    say(zk.sync("/kazoo-k"), zk.get("/zookeeper")[0])
    say([zk.create("/kazoo-k/n-", sequence=True) for _ in range(3)])


def multi(zk):
    with_all = zk.transaction()
    with_all.create("/kazoo-m", b"")
    with_all.create("/kazoo-m/a", b"", ephemeral=True)
    with_all.set_data("/kazoo-m", b"x")
    with_all.check("/kazoo-m", 1)
    with_all.delete("/kazoo-m/a")
    say([type(one).__name__ for one in with_all.commit()])
    fails = zk.transaction()
    fails.create("/kazoo-m/b")
    fails.check("/kazoo-m", 7)
    fails.delete("/kazoo-m")
    say([type(one).__name__ for one in fails.commit()], zk.get_children("/kazoo-m"))


def watches(zk, other):
    seen = []

    def watch(event):
        seen.append(f"{event.type} {event.path}")

    zk.exists("/kazoo-w", watch=watch)
    other.create("/kazoo-w")
    until(lambda: len(seen) == 1, "creation")
    zk.get("/kazoo-w", watch=watch)
    zk.get_children("/kazoo-w", watch=watch)
    other.create("/kazoo-w/child")
    until(lambda: len(seen) == 2, "child")
    other.set("/kazoo-w", b"1")
    until(lambda: len(seen) == 3, "data")
    # They were for one time: nothing is told of this.
    other.set("/kazoo-w", b"2")
    other.create("/kazoo-w/child/deeper")
    zk.get("/kazoo-w/child", watch=watch)
    zk.get_children("/kazoo-w", watch=watch)
    other.delete("/kazoo-w", recursive=True)
    until(lambda: len(seen) == 5, "deletions")
    say(seen)
    values = []
    other.create("/kazoo-dw", b"first")
    DataWatch(zk, "/kazoo-dw", lambda data, about: values.append(data))
    children = []
    ChildrenWatch(zk, "/kazoo-dw", lambda names: children.append(sorted(names)))
    other.set("/kazoo-dw", b"second")
    until(lambda: len(values) == 2, "second")
    other.create("/kazoo-dw/a")
    until(lambda: children[-1] == ["a"], "children")
    other.delete("/kazoo-dw", recursive=True)
    until(lambda: values[-1] is None, "end")
    say(values)


def access(zk):
    owner = connect(auth_data=[("digest", "bob:secret")])
    owner.create("/kazoo-acl", b"hidden", acl=[make_digest_acl("bob", "secret", all=True)])
    say(outcome(zk.get, "/kazoo-acl"), outcome(zk.set, "/kazoo-acl", b""), outcome(zk.get_acls, "/kazoo-acl"))
    say(owner.get("/kazoo-acl")[0], [str(one.id.id) for one in owner.get_acls("/kazoo-acl")[0]])
    owner.set_acls("/kazoo-acl", [make_acl("auth", "", all=True), make_acl("world", "anyone", read=True)])
    say(outcome(zk.get, "/kazoo-acl")[0], [one.id.id for one in zk.get_acls("/kazoo-acl")[0]])
    say(outcome(zk.create, "/kazoo-bad", acl=[make_acl("nothing", "x", all=True)]))
    owner.stop()


def ephemerals(zk):
    other = connect()
    other.create("/kazoo-e", ephemeral=True)
    say(stat(zk.exists("/kazoo-e")), outcome(other.create, "/kazoo-e/child"))
    gone = threading.Event()
    zk.exists("/kazoo-e", watch=lambda event: gone.set())
    other.stop()
    say(gone.wait(TIMEOUT), zk.exists("/kazoo-e"))


def reconnects(zk, other):
    """The connection is cut: the session goes on, with its ephemerals; kazoo tells its watches that it was away."""
    zk.create("/kazoo-r", b"")
    zk.create("/kazoo-r/mine", ephemeral=True)
    session = zk.client_id[0]
    events = []
    zk.get("/kazoo-r", watch=lambda event: events.append(event.type))
    values = []
    DataWatch(zk, "/kazoo-r", lambda data, about: values.append(data))
    states = []
    zk.add_listener(states.append)
    print("!cut", flush=True)
    sys.stdin.readline()
    until(lambda: KazooState.CONNECTED in states, "connected again")
    say(states[0], states[-1], zk.client_id[0] == session, zk.exists("/kazoo-r/mine") is not None)
    other.retry(other.set, "/kazoo-r", b"news")
    until(lambda: b"news" in values, "news")
    say(events[0], values[0], values[-1])


def recipes(zk, other):
    lock, rival = zk.Lock("/kazoo-lock", "one"), other.Lock("/kazoo-lock", "two")
    with lock:
        say("lock", rival.acquire(blocking=False), lock.contenders())
    say("lock", rival.acquire(timeout=TIMEOUT))
    rival.release()
    counter = zk.Counter("/kazoo-counter")
    for _ in range(3):
        counter += 2
    say("counter", other.Counter("/kazoo-counter").value)
    queue = zk.LockingQueue("/kazoo-queue")
    queue.put_all([b"a", b"b"])
    queue.put(b"first", priority=1)
    taken = []
    for _ in range(3):
        taken.append(queue.get(TIMEOUT))
        queue.consume()
    say("queue", taken)
    party = zk.Party("/kazoo-party", "one")
    guest = other.Party("/kazoo-party", "two")
    party.join()
    guest.join()
    say("party", sorted(party), len(party))
    guest.leave()
    say("party", sorted(party))
    led = []
    election = zk.Election("/kazoo-election", "one")
    election.run(lambda: led.append("one"))
    other.Election("/kazoo-election", "two").run(lambda: led.append("two"))
    say("election", led)
    barrier = zk.Barrier("/kazoo-barrier")
    barrier.create()
    passed = threading.Event()
    waiter = threading.Thread(target=lambda: other.Barrier("/kazoo-barrier").wait(TIMEOUT) and passed.set())
    waiter.start()
    say("barrier", passed.is_set())
    barrier.remove()
    say("barrier", passed.wait(TIMEOUT))
    waiter.join()
    both = []
    doubles = [client.DoubleBarrier("/kazoo-double", 2) for client in (zk, other)]

    def enter(double):
        double.enter()
        both.append(double.participating)
        double.leave()

    threads = [threading.Thread(target=enter, args=(double,)) for double in doubles]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(TIMEOUT)
    say("double barrier", both)
    semaphore, second = zk.Semaphore("/kazoo-semaphore", max_leases=1), other.Semaphore("/kazoo-semaphore", max_leases=1)
    say("semaphore", semaphore.acquire(), second.acquire(blocking=False), semaphore.release(), second.acquire(timeout=TIMEOUT))
    write, read = zk.WriteLock("/kazoo-rw"), other.ReadLock("/kazoo-rw")
    say("read and write", write.acquire(), read.acquire(blocking=False), write.release(), read.acquire(timeout=TIMEOUT))


def main():
    zk, other = connect(), connect()
    chapters = [
        ("basics", lambda: basics(zk)),
        ("multi", lambda: multi(zk)),
        ("watches", lambda: watches(zk, other)),
        ("access", lambda: access(zk)),
        ("ephemerals", lambda: ephemerals(zk)),
        ("reconnects", lambda: reconnects(zk, other)),
        ("recipes", lambda: recipes(zk, other)),
    ]
    say("server", zk.server_version()[:2])
    for title, play in chapters:
        say("#", title)
        play()
    zk.stop()
    other.stop()
    say("# end")


main()
