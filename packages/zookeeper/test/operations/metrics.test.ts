import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
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
import { COUNTERS, PERCENTILES, SUMMARIES } from '../../src/metrics/metric-names.ts';
import { MemoryEnsemble } from '../quorum/memory-ensemble.ts';
import { SocketClient } from '../quorum/socket-client.ts';

const sources = join(import.meta.dirname, '../../src');

test('every metric that is exported is fed somewhere', () => {
  const files = readdirSync(sources, { recursive: true, encoding: 'utf8' });
  const text = files
    .filter((file) => file.endsWith('.ts') && !file.endsWith('metric-names.ts'))
    .map((file) => readFileSync(join(sources, file), 'utf8'))
    .join('\n');
  const unfed = [...COUNTERS, ...SUMMARIES, ...PERCENTILES].filter((name) => !new RegExp(`\\b${name}\\b`).test(text));
  expect(unfed).toEqual([]);
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
