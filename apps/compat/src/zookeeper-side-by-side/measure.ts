import { createTopicsRequest, createTopicsResponse } from '@biquorum/kafka-wire/messages/create-topics';
import type { ApacheZooKeeper } from '../apache/zookeeper.ts';
import { ask } from '../configs/ask.ts';
import { untilAnswered } from '../deployment/admin.ts';
import type { Java } from '../java/java.ts';
import type { ZooKeeperCluster } from '../zookeeper-cluster/cluster.ts';
import { type HistoricWrite, readHistory } from '../zookeeper-cluster/history.ts';

/** How long a cluster in ZooKeeper mode took with so many partitions of three replicas each, in ms. */
export interface ZooKeeperRow {
  readonly partitions: number;
  /** From the first CreateTopics to the last answer. */
  readonly created: number;
  /** And until every broker told of all of them as led, with all replicas in sync. */
  readonly inSync: number;
  /** From SIGKILL of a broker that is not the controller until ZooKeeper ended its session. */
  readonly lost: number;
  /** From then until every broker told of all partitions as led by others, and of their ISRs as without it. */
  readonly moved: number;
  /** From SIGKILL until then: how long partitions that it led had no leader, at most. */
  readonly unled: number;
  /** From its start until every broker told of all replicas as in sync again. */
  readonly back: number;
  /** From SIGKILL of the controller's broker until ZooKeeper ended its session: the session timeout, for the most part. */
  readonly detection: number;
  /** From then until another broker had written `/controller`. */
  readonly election: number;
  /** From then until that one wrote a partition's state: it had read everything that there is. */
  readonly load: number;
  /** From then until every broker told of all partitions as led by others. */
  readonly publish: number;
  /** Since the election, all in all. */
  readonly work: number;
  /** From SIGKILL until a client could make a topic again. */
  readonly usable: number;
}

const REPLICAS = 3;
/** A topic's assignment has to fit into one znode, and its creation into the patience of one request. */
const PARTITIONS_PER_TOPIC = 1_000;
const PATIENCE_MS = 600_000;
const LOOK_MS = 100;

/** Makes so many partitions, kills the controller's broker, and waits until all is well without it. */
export async function measureZooKeeperMode(
  java: Java,
  zookeeper: ApacheZooKeeper,
  cluster: ZooKeeperCluster,
  partitions: number,
): Promise<ZooKeeperRow> {
  const sizes = Array.from({ length: Math.ceil(partitions / PARTITIONS_PER_TOPIC) }, (_, at) =>
    Math.min(PARTITIONS_PER_TOPIC, partitions - at * PARTITIONS_PER_TOPIC),
  );
  const names = sizes.map((_, at) => `sized-${at}`);
  const controller = await cluster.administratorFor();
  const startMs = performance.now();
  for (const [at, name] of names.entries()) {
    const code = await createTopic(controller, name, sizes[at] ?? 0);
    if (code !== 0) throw new Error(`CreateTopics of ${name} is answered ${code}`);
  }
  const created = performance.now() - startMs;
  await untilAll(cluster, names, (isr, leader) => isr.length === REPLICAS && leader > 0);
  const inSync = performance.now() - startMs;

  const victim = await cluster.untilController('known');
  const broker = await loseBroker(cluster, names, victim);

  const killed = { at: Date.now(), ms: performance.now() };
  await cluster.node(victim).kill();
  const shown = untilAll(cluster, names, without(victim)).then(() => Date.now());
  await untilAnswered('a topic is made', async () => {
    for (const id of cluster.serving) {
      const { controllerId } = await cluster.metadataOn(id);
      if (controllerId === victim || controllerId < 0) continue;
      if ((await createTopic(cluster.node(controllerId).plan.client, 'after', 1, 2)) === 0) return true;
    }
    return undefined;
  });
  const usable = performance.now() - killed.ms;
  const shownAt = await shown;
  const history = await readHistory(java, zookeeper);
  const { expired, elected, wrote } = momentsOf(history);
  const lostAt = endOf(history, `/brokers/ids/${broker.id}`);
  return {
    partitions,
    created,
    inSync,
    lost: lostAt - broker.killedAt,
    moved: broker.movedAt - lostAt,
    unled: broker.movedAt - broker.killedAt,
    back: broker.back,
    detection: expired - killed.at,
    election: elected - expired,
    load: wrote - elected,
    publish: shownAt - wrote,
    work: shownAt - elected,
    usable,
  };
}

/** Kills a broker that is not the controller, waits until all is well without it, and starts it again. */
async function loseBroker(
  cluster: ZooKeeperCluster,
  names: readonly string[],
  controller: number,
): Promise<{ readonly id: number; readonly killedAt: number; readonly movedAt: number; readonly back: number }> {
  const id = cluster.serving.find((other) => other !== controller) ?? -1;
  const killedAt = Date.now();
  await cluster.node(id).kill();
  await untilAll(cluster, names, without(id));
  const movedAt = Date.now();
  const startMs = performance.now();
  await cluster.restart(id);
  await untilAll(cluster, names, (isr, leader) => isr.length === REPLICAS && leader > 0);
  return { id, killedAt, movedAt, back: performance.now() - startMs };
}

function without(victim: number): (isr: readonly number[], leader: number) => boolean {
  return (isr, leader) => leader > 0 && leader !== victim && !isr.includes(victim);
}

/** When ZooKeeper ended the last session that a node of this path went with. */
function endOf(history: readonly HistoricWrite[], path: string): number {
  const end = history.findLast(({ kind, paths }) => kind === 'close' && paths?.includes(path));
  if (end === undefined) throw new Error(`no session ended with ${path}`);
  return end.time;
}

/** When ZooKeeper ended the session of the last controller but one, and what its successor wrote first. */
export function momentsOf(history: readonly HistoricWrite[]): {
  readonly expired: number;
  readonly elected: number;
  readonly wrote: number;
} {
  const end = history.findLastIndex(({ kind, paths }) => kind === 'close' && paths?.includes('/controller'));
  const after = history.slice(Math.max(0, end));
  const office = after.find(({ kind, path }) => kind === 'create' && path === '/controller');
  const state = after.find(
    ({ kind, path, session }) => kind === 'set' && path?.endsWith('/state') && session === office?.session,
  );
  if (end < 0 || office === undefined || state === undefined)
    throw new Error('nobody succeeded a controller that died');
  return { expired: history[end]?.time ?? 0, elected: office.time, wrote: state.time };
}

async function createTopic(
  controller: string,
  name: string,
  count: number,
  replicas: number = REPLICAS,
): Promise<number> {
  const topic = { name, numPartitions: count, replicationFactor: replicas };
  const body = { topics: [topic], timeoutMs: PATIENCE_MS };
  const { topics } = await ask(controller, createTopicsRequest, createTopicsResponse, 7, body, PATIENCE_MS);
  return topics[0]?.errorCode ?? -1;
}

/** Waits until every serving broker tells of all partitions what is wanted. */
async function untilAll(
  cluster: ZooKeeperCluster,
  names: readonly string[],
  accept: (isr: readonly number[], leader: number) => boolean,
): Promise<void> {
  for (const id of cluster.serving) {
    for (const name of names) {
      await untilAnswered(
        `${name} on ${id}`,
        async () => {
          const states = await cluster.topicOn(id, name);
          return states?.every(({ isr, leader }) => accept(isr, leader)) ? true : undefined;
        },
        LOOK_MS,
      );
    }
  }
}
