import { MemoryWorld } from '@biquorum/platform/testing';
import {
  createRequest,
  OPEN_ACL,
  type OpName,
  pathRecord,
  pathVersionRequest,
  pathWatchRequest,
  setDataRequest,
} from '@biquorum/zookeeper-wire';
import { expect, test } from 'vitest';
import { readZooKeeperSettings, startZooKeeper } from '../../src/index.ts';
import {
  COUNTERS,
  type CounterName,
  PERCENTILES,
  SUMMARIES,
  type SummaryName,
} from '../../src/metrics/metric-names.ts';
import { MemoryEnsemble } from '../quorum/memory-ensemble.ts';
import { SocketClient } from '../quorum/socket-client.ts';

/** Those of which tests of throttles, digests and connections say what they count. */
const ELSEWHERE: readonly string[] = [
  'connection_rejected',
  'large_requests_rejected',
  'request_throttle_wait_count',
  'stale_requests_dropped',
  'throttled_ops',
  'digest_mismatches_count',
  'sessionless_connections_expired',
];

test('of every metric a test says what it counts', () => {
  const here = [...Object.keys(JAVA), ...ELECTED, ...COUNTED].map((name) => name.replace(/^(cnt|sum)_/, ''));
  const all = [...COUNTERS, ...SUMMARIES, ...PERCENTILES];
  expect(all.filter((name) => !here.includes(name) && !ELSEWHERE.includes(name))).toEqual([]);
});

/** What is looked at after elections. */
const ELECTED = ['looking_count', 'election_time', 'unavailable_time', 'leader_unavailable_time', 'dbinittime'];
/** What is looked at after changes in an ensemble. */
const COUNTED = [
  'cnxn_closed_without_zk_server_running',
  'commit_count',
  'connection_revalidate_count',
  'diff_count',
  'follower_sync_time',
  'learner_commit_received_count',
  'learner_proposal_received_count',
  'observer_sync_time',
  'proposal_count',
  'revalidate_count',
  'snap_count',
  'snapshottime',
  'stale_sessions_expired',
  'startup_snap_load_time',
  'startup_txns_load_time',
  'startup_txns_loaded',
];

test('members of an ensemble count proposals, commits, synchronisations, snapshots and sessions as Java does', async () => {
  const ensemble = new MemoryEnsemble({ voters: 3, observers: 1 });
  await ensemble.start();
  const first = ensemble.idOf(await ensemble.untilServing());
  const [one, other] = [1, 2, 3].filter((id) => id !== first) as [number, number];
  const of = (id: number) => ensemble.node(id).server.stats.metrics;
  const count = (id: number, ...names: CounterName[]) => names.map((name) => of(id).counters[name].value);
  const times = (id: number, ...names: SummaryName[]) => names.map((name) => of(id).summaries[name].count);
  expect(count(first, 'diff_count', 'snap_count')).toEqual([3, 0]);
  expect([one, other, 4].map((id) => times(id, 'follower_sync_time', 'observer_sync_time'))).toEqual([
    [1, 0],
    [1, 0],
    [0, 1],
  ]);
  const client = await ensemble.client(one);
  for (const name of ['a', 'b', 'c']) await ensemble.world.run(client.create(`/${name}`, 'x'));
  await ensemble.untilLevel();
  // The session is the fourth.
  expect(count(first, 'proposal_count', 'commit_count')).toEqual([4, 4]);
  const received = [one, other, 4].map((id) =>
    count(id, 'learner_proposal_received_count', 'learner_commit_received_count'),
  );
  expect(received).toEqual([
    [4, 4],
    [4, 4],
    [0, 4],
  ]);
  await ensemble.client(other, client.session);
  expect([count(other, 'connection_revalidate_count'), count(first, 'revalidate_count')]).toEqual([[1], [1]]);
  // Nobody is heard of any more.
  await ensemble.world.time.runUntil(() => ensemble.node(first).sessionCount === 0, { limitMs: 60_000 });
  expect(count(first, 'stale_sessions_expired', 'proposal_count')).toEqual([1, 5]);
  await ensemble.untilLevel();

  // An observer reads what it has; the next leader makes a snapshot.
  expect(of(4).summaries.startup_txns_loaded.sum).toBe(0);
  ensemble.kill(4);
  await ensemble.start([4]);
  await ensemble.untilServing();
  expect(times(4, 'startup_snap_load_time', 'startup_txns_load_time', 'startup_txns_loaded')).toEqual([1, 1, 1]);
  expect(of(4).summaries.startup_txns_loaded.sum).toBe(5);
  expect(times(one, 'snapshottime')).toEqual([0]);
  ensemble.kill(first);
  const second = ensemble.idOf(await ensemble.untilServing());
  await ensemble.world.time.runUntil(() => of(second).summaries.snapshottime.count === 1, { limitMs: 60_000 });
  ensemble.kill(second);
  await ensemble.world.time.runUntil(() => !ensemble.node(4).isServing, { limitMs: 60_000 });
  const before = of(4).counters.cnxn_closed_without_zk_server_running.value;
  expect(await ensemble.tryClient(4)).toBeUndefined();
  expect(count(4, 'cnxn_closed_without_zk_server_running')).toEqual([before + 1]);
});

test('a leader counts the snapshots that it sends', async () => {
  const ensemble = new MemoryEnsemble({ voters: 3, config: { engine: { forceSnapshotSync: true } } });
  await ensemble.start();
  const { counters } = (await ensemble.untilServing()).server.stats.metrics;
  expect([counters.snap_count.value, counters.diff_count.value]).toEqual([2, 0]);
});

test('a member of an ensemble counts its elections, and measures how long it served nobody', async () => {
  const ensemble = new MemoryEnsemble({ voters: 3 });
  await ensemble.start();
  const id = ensemble.idOf(await ensemble.untilServing());
  ensemble.kill(id);
  const leader = await ensemble.untilServing();
  const [follower] = ensemble.nodes.filter((node) => node !== leader);
  for (const node of [leader, follower]) {
    const { counters, summaries } = node?.server.stats.metrics ?? expect.fail('two servers run');
    expect([counters.looking_count.value, summaries.election_time.count]).toEqual([2, 2]);
    expect(summaries.unavailable_time.count).toBe(2);
    expect(summaries.leader_unavailable_time.count).toBe(node === leader ? 1 : 0);
    expect(summaries.unavailable_time.max).toBeGreaterThanOrEqual(summaries.election_time.max);
    expect(summaries.dbinittime.count).toBe(1);
  }
});

/** What Apache's server of 3.9.5 says after the requests of the test below, but for what depends on time and machine. */
const JAVA = {
  approximate_data_size: 352,
  auth_failed_count: 0,
  bytes_received_count: 1_118,
  cnt_connection_token_deficit: 1,
  cnt_fsynctime: 8,
  cnt_node_changed_watch_count: 1,
  cnt_node_children_watch_count: 1,
  cnt_node_created_watch_count: 1,
  cnt_node_deleted_watch_count: 1,
  cnt_readlatency: 8,
  cnt_request_throttle_queue_time_ms: 16,
  cnt_updatelatency: 8,
  connection_drop_probability: 0,
  connection_request_count: 1,
  ephemerals_count: 1,
  global_sessions: 1,
  last_client_response_size: 22,
  max_client_response_size: 188,
  min_client_response_size: 16,
  outstanding_requests: 0,
  response_bytes: 756,
  sum_node_changed_watch_count: 1,
  sum_node_children_watch_count: 1,
  sum_node_created_watch_count: 1,
  sum_node_deleted_watch_count: 1,
  watch_bytes: 120,
  watch_count: 1,
  znode_count: 8,
} as const;

test("after the same requests the metrics are those of Apache's server, in mntr and for Prometheus", async () => {
  const world = new MemoryWorld({ seed: 1 });
  const { ports } = world.addHost('server');
  world.addHost('client');
  await world.run(async () => {
    const entries = { dataDir: '/data', clientPort: '2181', tickTime: '2000', '4lw.commands.whitelist': '*' };
    const settings = readZooKeeperSettings(new Map(Object.entries(entries)));
    const node = await startZooKeeper({ settings, ports });
    const { server } = node.core;
    const { network } = world.host('client').ports;
    const fresh = { protocolVersion: 0, timeoutMs: 0, sessionId: 0n, password: new Uint8Array(16), readOnly: false };
    const client = await SocketClient.connect(network, { host: 'server', port: 2181 }, fresh);
    if (client === undefined) expect.fail('the server does not answer');
    await playAll(client);
    const said = new Map<string, number>();
    for (const { name, value } of server.stats.metrics.values()) said.set(name, value);
    expect(Object.fromEntries(Object.keys(JAVA).map((name) => [name, said.get(name)]))).toEqual(JAVA);
    expect([server.stats.packetsReceived, server.stats.packetsSent]).toEqual([16, 20]);
    const text = server.stats.metrics.prometheusText();
    for (const [name, value] of Object.entries(JAVA)) {
      const sample = name.startsWith('cnt_') ? `${name.slice(4)}_count` : name.replace(/^sum_(.*)/, '$1_sum');
      expect(text).toContain(`\n${sample} ${value}.0\n`);
    }
    server.stats.reset();
    expect(server.stats.metrics.counters.watch_bytes.value).toBe(0);
    expect(server.stats.metrics.summaries.updatelatency.count).toBe(0);
    await node.stop();
  });
});

/** Each kind of watch once, reads, writes, and requests that fail. */
async function playAll(client: SocketClient): Promise<void> {
  const data = new Uint8Array(100).fill(0x61);
  const create = (path: string, flags = 0) => client.ask('create', createRequest, { path, data, acl: OPEN_ACL, flags });
  const ask = (op: OpName, path: string, watch: boolean) => client.ask(op, pathWatchRequest, { path, watch });
  await create('/a');
  await create('/e', 1);
  await ask('getData', '/a', true);
  await ask('exists', '/b', true);
  await ask('getChildren', '/a', true);
  await client.ask('setData', setDataRequest, { path: '/a', data, version: -1 });
  await create('/b');
  await create('/a/c');
  await ask('getData', '/b', true);
  await ask('exists', '/b', true);
  await client.ask('delete', pathVersionRequest, { path: '/b', version: -1 });
  await ask('getData', '/b', false);
  await create('/a');
  await ask('exists', '/left', true);
  await client.ask('sync', pathRecord, { path: '/a' });
}
