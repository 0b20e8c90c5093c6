import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.recipes.atomic.DistributedAtomicLong;
import org.apache.curator.framework.recipes.barriers.DistributedBarrier;
import org.apache.curator.framework.recipes.barriers.DistributedDoubleBarrier;
import org.apache.curator.framework.recipes.cache.CuratorCache;
import org.apache.curator.framework.recipes.cache.CuratorCacheListener;
import org.apache.curator.framework.recipes.leader.LeaderLatch;
import org.apache.curator.framework.recipes.leader.LeaderSelector;
import org.apache.curator.framework.recipes.leader.LeaderSelectorListenerAdapter;
import org.apache.curator.framework.recipes.locks.InterProcessMutex;
import org.apache.curator.framework.recipes.locks.InterProcessReadWriteLock;
import org.apache.curator.framework.recipes.locks.InterProcessSemaphoreV2;
import org.apache.curator.framework.recipes.locks.Lease;
import org.apache.curator.framework.recipes.nodes.GroupMember;
import org.apache.curator.framework.recipes.nodes.PersistentNode;
import org.apache.curator.framework.recipes.nodes.PersistentTtlNode;
import org.apache.curator.framework.recipes.queue.SimpleDistributedQueue;
import org.apache.curator.framework.recipes.shared.SharedCount;
import org.apache.curator.framework.recipes.watch.PersistentWatcher;
import org.apache.curator.retry.RetryOneTime;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.data.Stat;

/** What Apache's client and Curator's recipes do with a ZooKeeper: prints what they see, without times and ids. */
public final class Agent {
    private static final int TIMEOUT_MS = 60_000;
    private static final BufferedReader INPUT =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    private static String connect;

    private interface Call {
        Object run() throws Exception;
    }

    public static void main(String[] args) throws Exception {
        connect = args[0];
        try (ZooKeeper zk = open(); ZooKeeper other = open()) {
            chapter("basics", () -> basics(zk));
            chapter("kinds of nodes", () -> kinds(zk));
            chapter("multi", () -> multi(zk));
            chapter("watches", () -> watches(zk, other));
            chapter("access", () -> access(zk));
            chapter("quotas", () -> quotas(zk));
            chapter("reconnects", () -> reconnects(zk, other));
            chapter("sessions", () -> sessions(zk));
        }
        try (CuratorFramework one = curator(); CuratorFramework two = curator()) {
            chapter("locks", () -> locks(one, two));
            chapter("leaders", () -> leaders(one, two));
            chapter("counts, queues and barriers", () -> counts(one, two));
            chapter("caches and nodes", () -> caches(one, two));
        }
        say("# end");
        System.exit(0);
    }

    private static Void basics(ZooKeeper zk) throws Exception {
        say(zk.create("/j", bytes("one"), Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
        say(outcome(() -> zk.create("/j", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT)));
        say(outcome(() -> zk.create("/j/b/c", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT)));
        Stat stat = new Stat();
        say(text(zk.getData("/j", false, stat)), show(stat));
        say(show(zk.setData("/j", null, 0)), text(zk.getData("/j", false, stat)));
        say(outcome(() -> zk.setData("/j", bytes("x"), 0)));
        zk.create("/j/a", new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT, stat);
        say(show(stat), sorted(zk.getChildren("/j", false, stat)), show(stat));
        say(outcome(() -> { zk.delete("/j", -1); return "deleted"; }));
        say(outcome(() -> { zk.delete("/j/a", 3); return "deleted"; }));
        say(outcome(() -> { zk.delete("/zookeeper", -1); return "deleted"; }));
        say(zk.exists("/none", false), zk.getAllChildrenNumber("/j"));
        zk.sync("/j", null, null);
        say(zk.whoAmI().stream().map(it -> it.getAuthScheme()).collect(Collectors.toList()));
        say(outcome(() -> zk.getConfig(false, stat).length >= 0));
        return null;
    }

    private static Void kinds(ZooKeeper zk) throws Exception {
        for (int count = 0; count < 2; count++)
            say(zk.create("/j/s-", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_SEQUENTIAL));
        say(zk.create("/j/e-", null, Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL_SEQUENTIAL));
        say(zk.getEphemerals(), zk.getEphemerals("/nowhere"));
        Stat stat = new Stat();
        zk.create("/container", null, Ids.OPEN_ACL_UNSAFE, CreateMode.CONTAINER, stat);
        say(show(stat));
        zk.create("/container/child", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        zk.delete("/container/child", -1);
        until(() -> gone(zk, "/container"), "the container goes");
        zk.create("/ttl", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_WITH_TTL, stat, 300);
        say(show(stat));
        until(() -> gone(zk, "/ttl"), "the time to live ends");
        say("gone");
        return null;
    }

    private static Void multi(ZooKeeper zk) throws Exception {
        List<OpResult> all = zk.multi(List.of(
            Op.create("/m", bytes("0"), Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT),
            Op.create("/m/n-", null, Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL_SEQUENTIAL),
            Op.setData("/m", bytes("1"), 0),
            Op.check("/m", 1),
            Op.delete("/m/n-0000000000", 0)));
        for (OpResult one : all) say(show(one));
        try {
            zk.multi(List.of(
                Op.create("/m/a", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT), Op.check("/m", 9), Op.delete("/m", -1)));
        } catch (KeeperException error) {
            say(error.code(), error.getResults().stream().map(Agent::show).collect(Collectors.toList()));
        }
        say(zk.getChildren("/m", false));
        List<OpResult> reads = zk.multi(List.of(Op.getData("/m"), Op.getChildren("/m"), Op.getData("/none")));
        for (OpResult one : reads) say(show(one));
        return null;
    }

    private static Void watches(ZooKeeper zk, ZooKeeper other) throws Exception {
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        Watcher once = event -> note(seen, "once", event);
        zk.exists("/w", once);
        other.create("/w", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        say(next(seen));
        zk.getData("/w", once, null);
        zk.getChildren("/w", once);
        zk.addWatch("/w", event -> note(seen, "persistent", event), AddWatchMode.PERSISTENT);
        Watcher recursive = event -> note(seen, "recursive", event);
        zk.addWatch("/w", recursive, AddWatchMode.PERSISTENT_RECURSIVE);
        other.setData("/w", bytes("1"), -1);
        List<String> told = new ArrayList<>(List.of(next(seen), next(seen), next(seen)));
        Collections.sort(told);
        say(told);
        other.create("/w/a", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        told = new ArrayList<>(List.of(next(seen), next(seen), next(seen)));
        Collections.sort(told);
        say(told);
        zk.removeWatches("/w", recursive, Watcher.WatcherType.Any, false);
        say(next(seen));
        other.delete("/w/a", -1);
        say(next(seen));
        say(outcome(() -> { zk.removeWatches("/w", recursive, Watcher.WatcherType.Any, false); return "removed"; }));
        zk.removeAllWatches("/w", Watcher.WatcherType.Any, false);
        return null;
    }

    private static Void access(ZooKeeper zk) throws Exception {
        try (ZooKeeper owner = open()) {
            owner.addAuthInfo("digest", bytes("bob:secret"));
            owner.create("/acl", bytes("hidden"), Ids.CREATOR_ALL_ACL, CreateMode.PERSISTENT);
            say(outcome(() -> zk.getData("/acl", false, null)), outcome(() -> zk.exists("/acl", false)));
            say(outcome(() -> zk.setData("/acl", null, -1)), outcome(() -> zk.getACL("/acl", null)));
            say(owner.getACL("/acl", null));
            List<ACL> wider = new ArrayList<>(Ids.CREATOR_ALL_ACL);
            wider.addAll(Ids.READ_ACL_UNSAFE);
            wider.add(new ACL(Perms.WRITE, new Id("ip", "127.0.0.1")));
            say(owner.setACL("/acl", wider, 0).getAversion(), outcome(() -> owner.setACL("/acl", wider, 0)));
            say(text(zk.getData("/acl", false, null)), zk.getACL("/acl", null), zk.setData("/acl", null, 0).getVersion());
            say(outcome(() -> zk.create("/none", null, Collections.singletonList(new ACL(31, new Id("digest", "no"))), CreateMode.PERSISTENT)));
            say(outcome(() -> zk.create("/none", null, Ids.CREATOR_ALL_ACL, CreateMode.PERSISTENT)));
        }
        return null;
    }

    /** Limits on a subtree, as zkCli sets them; usage is counted by the server. */
    private static Void quotas(ZooKeeper zk) throws Exception {
        zk.create("/q", bytes("12345"), Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        zk.create("/zookeeper/quota/q", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        zk.create("/zookeeper/quota/q/zookeeper_limits", bytes("count=-1,bytes=-1=;byteHardLimit=20;countHardLimit=3"),
            Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        zk.create("/zookeeper/quota/q/zookeeper_stats", bytes("count=0,bytes=0"), Ids.OPEN_ACL_UNSAFE,
            CreateMode.PERSISTENT);
        String usage = "/zookeeper/quota/q/zookeeper_stats";
        say(text(zk.getData(usage, false, null)));
        zk.create("/q/a", bytes("123"), Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        zk.create("/q/a/b", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        say(outcome(() -> zk.create("/q/c", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT)));
        say(outcome(() -> zk.setData("/q/a", new byte[17], -1)));
        zk.setData("/q/a", new byte[15], -1);
        say(text(zk.getData(usage, false, null)));
        zk.delete("/q/a/b", -1);
        say(text(zk.getData(usage, false, null)));
        return null;
    }

    /** The connection is cut: the session goes on, and what was missed is told. */
    private static Void reconnects(ZooKeeper zk, ZooKeeper other) throws Exception {
        zk.create("/r", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        zk.create("/r/mine", null, Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        Watcher watcher = event -> note(seen, "watch", event);
        zk.getData("/r", watcher, null);
        zk.getChildren("/r", watcher);
        zk.exists("/r/later", watcher);
        zk.addWatch("/r", event -> note(seen, "stays", event), AddWatchMode.PERSISTENT_RECURSIVE);
        long session = zk.getSessionId();
        System.out.println("!cut");
        System.out.flush();
        INPUT.readLine();
        until(() -> connected(zk) && connected(other), "connected again");
        say(zk.getSessionId() == session, !gone(zk, "/r/mine"));
        other.setData("/r", bytes("news"), -1);
        other.create("/r/later", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        List<String> told = new ArrayList<>();
        for (int count = 0; count < 5; count++) told.add(next(seen));
        Collections.sort(told);
        say(told);
        return null;
    }

    private static Void sessions(ZooKeeper zk) throws Exception {
        ZooKeeper other = open();
        other.create("/ephemeral", null, Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        zk.exists("/ephemeral", event -> note(seen, "end", event));
        say(outcome(() -> other.create("/ephemeral/child", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT)));
        other.close();
        say(next(seen));
        return null;
    }

    private static Void locks(CuratorFramework one, CuratorFramework two) throws Exception {
        InterProcessMutex mine = new InterProcessMutex(one, "/curator/mutex");
        InterProcessMutex yours = new InterProcessMutex(two, "/curator/mutex");
        mine.acquire();
        mine.acquire();
        say(yours.acquire(50, TimeUnit.MILLISECONDS), mine.getParticipantNodes().size());
        mine.release();
        mine.release();
        say(yours.acquire(TIMEOUT_MS, TimeUnit.MILLISECONDS));
        yours.release();
        InterProcessReadWriteLock first = new InterProcessReadWriteLock(one, "/curator/rw");
        InterProcessReadWriteLock second = new InterProcessReadWriteLock(two, "/curator/rw");
        first.readLock().acquire();
        say(second.readLock().acquire(TIMEOUT_MS, TimeUnit.MILLISECONDS),
            second.writeLock().acquire(50, TimeUnit.MILLISECONDS));
        first.readLock().release();
        second.readLock().release();
        say(second.writeLock().acquire(TIMEOUT_MS, TimeUnit.MILLISECONDS));
        second.writeLock().release();
        InterProcessSemaphoreV2 semaphore = new InterProcessSemaphoreV2(one, "/curator/semaphore", 1);
        InterProcessSemaphoreV2 rival = new InterProcessSemaphoreV2(two, "/curator/semaphore", 1);
        Lease lease = semaphore.acquire();
        say(rival.acquire(50, TimeUnit.MILLISECONDS));
        semaphore.returnLease(lease);
        say(rival.acquire(TIMEOUT_MS, TimeUnit.MILLISECONDS) != null);
        return null;
    }

    private static Void leaders(CuratorFramework one, CuratorFramework two) throws Exception {
        LeaderLatch first = new LeaderLatch(one, "/curator/latch", "one");
        LeaderLatch second = new LeaderLatch(two, "/curator/latch", "two");
        first.start();
        say(first.await(TIMEOUT_MS, TimeUnit.MILLISECONDS));
        second.start();
        until(() -> participants(first) == 2, "both wait");
        say(first.getLeader().getId(), second.hasLeadership());
        first.close();
        say(second.await(TIMEOUT_MS, TimeUnit.MILLISECONDS));
        second.close();
        BlockingQueue<String> led = new LinkedBlockingQueue<>();
        for (CuratorFramework client : List.of(one, two)) {
            LeaderSelector selector = new LeaderSelector(client, "/curator/selector", new LeaderSelectorListenerAdapter() {
                @Override
                public void takeLeadership(CuratorFramework leader) {
                    led.add(leader == one ? "one" : "two");
                }
            });
            selector.start();
            say("selected", next(led));
            selector.close();
        }
        return null;
    }

    private static Void counts(CuratorFramework one, CuratorFramework two) throws Exception {
        SharedCount shared = new SharedCount(one, "/curator/count", 5);
        SharedCount same = new SharedCount(two, "/curator/count", 5);
        shared.start();
        same.start();
        shared.setCount(9);
        until(() -> same.getCount() == 9, "the count is shared");
        say(same.trySetCount(same.getVersionedValue(), 10));
        DistributedAtomicLong sum = new DistributedAtomicLong(one, "/curator/sum", new RetryOneTime(1));
        for (int count = 0; count < 3; count++) sum.add(7L);
        say(new DistributedAtomicLong(two, "/curator/sum", new RetryOneTime(1)).get().postValue());
        SimpleDistributedQueue queue = new SimpleDistributedQueue(one, "/curator/queue");
        for (String element : List.of("a", "b", "c")) queue.offer(bytes(element));
        SimpleDistributedQueue reader = new SimpleDistributedQueue(two, "/curator/queue");
        say(text(reader.take()), text(reader.poll()), text(reader.remove()));
        DistributedBarrier barrier = new DistributedBarrier(one, "/curator/barrier");
        barrier.setBarrier();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        CountDownLatch passed = new CountDownLatch(1);
        threads.submit(() -> {
            new DistributedBarrier(two, "/curator/barrier").waitOnBarrier();
            passed.countDown();
            return null;
        });
        say(passed.getCount());
        barrier.removeBarrier();
        say(passed.await(TIMEOUT_MS, TimeUnit.MILLISECONDS));
        BlockingQueue<String> met = new LinkedBlockingQueue<>();
        for (CuratorFramework client : List.of(one, two)) {
            threads.submit(() -> {
                DistributedDoubleBarrier both = new DistributedDoubleBarrier(client, "/curator/double", 2);
                both.enter();
                met.add("in");
                both.leave();
                met.add("out");
                return null;
            });
        }
        for (int count = 0; count < 4; count++) next(met);
        say("met");
        threads.shutdownNow();
        return null;
    }

    private static Void caches(CuratorFramework one, CuratorFramework two) throws Exception {
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        two.create().creatingParentContainersIfNeeded().forPath("/curator/cached/a", bytes("1"));
        try (CuratorCache cache = CuratorCache.build(one, "/curator/cached")) {
            cache.listenable().addListener(CuratorCacheListener.builder()
                .forCreates(node -> seen.add("created " + node.getPath()))
                .forChanges((before, after) -> seen.add("changed " + after.getPath() + " " + text(after.getData())))
                .forDeletes(node -> seen.add("deleted " + node.getPath()))
                .build());
            cache.start();
            List<String> told = new ArrayList<>(List.of(next(seen), next(seen)));
            Collections.sort(told);
            say(told);
            two.setData().forPath("/curator/cached/a", bytes("2"));
            say(next(seen));
            two.delete().forPath("/curator/cached/a");
            say(next(seen));
        }
        try (PersistentWatcher watcher = new PersistentWatcher(one, "/curator/watched", true)) {
            CountDownLatch set = new CountDownLatch(1);
            watcher.getResetListenable().addListener(set::countDown);
            watcher.getListenable().addListener(event -> note(seen, "persistent", event));
            watcher.start();
            say(set.await(TIMEOUT_MS, TimeUnit.MILLISECONDS));
            two.create().creatingParentsIfNeeded().forPath("/curator/watched/deep");
            say(next(seen), next(seen));
        }
        try (PersistentNode node = new PersistentNode(one, CreateMode.EPHEMERAL, false, "/curator/node", bytes("mine"))) {
            node.start();
            say(node.waitForInitialCreate(TIMEOUT_MS, TimeUnit.MILLISECONDS));
            two.delete().forPath("/curator/node");
            until(() -> exists(two, "/curator/node"), "it is made again");
        }
        try (PersistentTtlNode node = new PersistentTtlNode(one, "/curator/lasting", 1_000, bytes("mine"))) {
            node.start();
            say(node.waitForInitialCreate(TIMEOUT_MS, TimeUnit.MILLISECONDS));
        }
        try (GroupMember first = new GroupMember(one, "/curator/group", "one");
             GroupMember second = new GroupMember(two, "/curator/group", "two")) {
            first.start();
            second.start();
            until(() -> first.getCurrentMembers().size() == 2, "both are members");
            say(sorted(new ArrayList<>(first.getCurrentMembers().keySet())));
        }
        say(one.transaction().forOperations(
            one.transactionOp().create().forPath("/curator/tx", bytes("a")),
            one.transactionOp().setData().forPath("/curator/tx", bytes("b")),
            one.transactionOp().check().withVersion(1).forPath("/curator/tx"),
            one.transactionOp().delete().forPath("/curator/tx")).stream()
            .map(result -> result.getType() + " " + result.getError()).collect(Collectors.toList()));
        return null;
    }

    private static ZooKeeper open() throws Exception {
        CountDownLatch connected = new CountDownLatch(1);
        ZooKeeper zk = new ZooKeeper(connect, 10_000, event -> {
            if (event.getState() == Watcher.Event.KeeperState.SyncConnected) connected.countDown();
        });
        if (!connected.await(TIMEOUT_MS, TimeUnit.MILLISECONDS)) throw new IOException("not connected");
        return zk;
    }

    private static CuratorFramework curator() throws Exception {
        CuratorFramework client = CuratorFrameworkFactory.newClient(connect, 10_000, 10_000, new RetryOneTime(100));
        client.start();
        client.blockUntilConnected();
        return client;
    }

    private static void chapter(String title, Call play) throws Exception {
        say("# " + title);
        play.run();
    }

    private static Object outcome(Call call) throws Exception {
        try {
            return call.run();
        } catch (KeeperException error) {
            return error.code();
        }
    }

    private static void until(BooleanSupplier condition, String what) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MS);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) throw new IllegalStateException("waited in vain: " + what);
            Thread.sleep(20);
        }
    }

    private static boolean gone(ZooKeeper zk, String path) {
        try {
            return zk.exists(path, false) == null;
        } catch (KeeperException | InterruptedException error) {
            return false;
        }
    }

    private static boolean connected(ZooKeeper zk) {
        return zk.getState().isConnected() && !gone(zk, "/");
    }

    private static boolean exists(CuratorFramework client, String path) {
        try {
            return client.checkExists().forPath(path) != null;
        } catch (Exception error) {
            return false;
        }
    }

    private static int participants(LeaderLatch latch) {
        try {
            return latch.getParticipants().size();
        } catch (Exception error) {
            return -1;
        }
    }

    private static void note(BlockingQueue<String> seen, String who, WatchedEvent event) {
        if (event.getType() != EventType.None) seen.add(who + " " + event.getType() + " " + event.getPath());
    }

    private static String next(BlockingQueue<String> seen) throws InterruptedException {
        String one = seen.poll(TIMEOUT_MS, TimeUnit.MILLISECONDS);
        return one == null ? "nothing" : one;
    }

    private static List<String> sorted(List<String> names) {
        Collections.sort(names);
        return names;
    }

    private static String show(Stat stat) {
        return "version=" + stat.getVersion() + " cversion=" + stat.getCversion() + " aversion=" + stat.getAversion()
            + " length=" + stat.getDataLength() + " children=" + stat.getNumChildren()
            + " ephemeral=" + (stat.getEphemeralOwner() != 0);
    }

    private static String show(OpResult result) {
        if (result instanceof OpResult.ErrorResult) return "error " + ((OpResult.ErrorResult) result).getErr();
        if (result instanceof OpResult.CreateResult) return "create " + ((OpResult.CreateResult) result).getPath();
        if (result instanceof OpResult.SetDataResult) return "set " + show(((OpResult.SetDataResult) result).getStat());
        if (result instanceof OpResult.GetDataResult) return "data " + text(((OpResult.GetDataResult) result).getData());
        if (result instanceof OpResult.GetChildrenResult)
            return "children " + ((OpResult.GetChildrenResult) result).getChildren();
        return result.getClass().getSimpleName();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return bytes == null ? "null" : new String(bytes, StandardCharsets.UTF_8);
    }

    private static void say(Object... words) {
        List<String> texts = new ArrayList<>();
        for (Object word : words) texts.add(String.valueOf(word).trim());
        System.out.println(String.join(" | ", texts));
        System.out.flush();
    }
}
