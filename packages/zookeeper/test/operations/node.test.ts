import type { Connection } from '@biquorum/platform';
import { type MemoryHost, MemoryWorld } from '@biquorum/platform/testing';
import { ByteReader, FrameReader } from '@biquorum/std';
import {
  connectRequest,
  connectResponse,
  createRequest,
  type Jute,
  OPEN_ACL,
  OpCode,
  type OpName,
  pathWatchRequest,
  replyHeader,
  requestHeader,
  toBytes,
} from '@biquorum/zookeeper-wire';
import { expect, test } from 'vitest';
import { readZooKeeperSettings, SERVER_VERSION, startZooKeeper, type ZooKeeperNode } from '../../src/index.ts';

type Entries = Readonly<Record<string, string>>;

/** A server on a host of its own, and clients on others. */
class World {
  readonly world: MemoryWorld;
  readonly server: MemoryHost;
  #clients = 0;

  private constructor(seed: number) {
    this.world = new MemoryWorld({ seed });
    this.server = this.world.addHost('server');
  }

  static run(body: (world: World) => Promise<void>): Promise<void> {
    const world = new World(1);
    return world.world.run(() => body(world));
  }

  start(config: Entries = {}, properties: Entries = {}): Promise<ZooKeeperNode> {
    const own = { dataDir: '/data', clientPort: '2181', tickTime: '1000', '4lw.commands.whitelist': '*', ...config };
    const settings = readZooKeeperSettings(new Map(Object.entries(own)), new Map(Object.entries(properties)));
    return startZooKeeper({ settings, ports: this.server.ports, inMemory: true });
  }

  async client(from?: MemoryHost, server = 'server'): Promise<Client> {
    const host = from ?? this.host();
    const connection = await host.ports.network.dial({ host: server, port: 2181, timeoutMs: 1_000 });
    return new Client(connection, host);
  }

  host(): MemoryHost {
    return this.world.addHost(`client-${this.#clients++}`);
  }

  async ask(word: string, port = 2181, host = 'server'): Promise<string> {
    const connection = await this.host().ports.network.dial({ host, port, timeoutMs: 1_000 });
    let answer = '';
    const closed = new Promise<void>((resolve) => {
      connection.start({
        data: (chunk) => {
          answer += Buffer.from(chunk).toString();
        },
        end: () => connection.end(),
        drained: () => {},
        closed: () => resolve(),
      });
    });
    connection.write([Buffer.from(word)]);
    await closed;
    return answer;
  }
}

/** A connection that speaks frames. */
class Client {
  readonly connection: Connection;
  readonly host: MemoryHost;
  readonly #frames: Uint8Array[] = [];
  #wanted: (() => void) | undefined;
  /** Why it is over: null in order. */
  readonly closed: Promise<string | null>;
  bytes = 0;

  constructor(connection: Connection, host: MemoryHost) {
    this.connection = connection;
    this.host = host;
    const frames = new FrameReader(10_000_000, (frame) => {
      this.#frames.push(frame);
      this.#wanted?.();
    });
    this.closed = new Promise((resolve) => {
      connection.start({
        data: (chunk) => {
          this.bytes += chunk.length;
          frames.push(chunk);
        },
        end: () => connection.end(),
        drained: () => {},
        closed: (error) => resolve(error?.code ?? null),
      });
    });
  }

  async frame(): Promise<Uint8Array> {
    while (this.#frames.length === 0) await new Promise<void>((resolve) => (this.#wanted = resolve));
    return this.#frames.shift() as Uint8Array;
  }

  send(bytes: Uint8Array): void {
    const frame = new Uint8Array(4 + bytes.length);
    new DataView(frame.buffer).setInt32(0, bytes.length);
    frame.set(bytes, 4);
    this.connection.write([frame]);
  }

  async open(timeoutMs = 4_000): Promise<ReturnType<typeof connectResponse.read>> {
    const request = { protocolVersion: 0, lastZxidSeen: 0, timeoutMs, sessionId: 0n, password: null, readOnly: false };
    this.send(toBytes(connectRequest, request));
    return connectResponse.read(new ByteReader(await this.frame()));
  }

  request<T>(xid: number, op: OpName, jute: Jute<T>, value: T): void {
    this.send(Buffer.concat([toBytes(requestHeader, { xid, type: OpCode[op] }), toBytes(jute, value)]));
  }

  async reply(): Promise<{ readonly xid: number; readonly err: number }> {
    const { xid, err } = replyHeader.read(new ByteReader(await this.frame()));
    return { xid, err };
  }
}

const node = (path: string, data = '') => ({ path, data: Buffer.from(data), acl: OPEN_ACL, flags: 0 });
const read = (path: string) => ({ path, watch: false });

test('four-letter words are answered in the lines of Java, and those that are not allowed by name', () =>
  World.run(async (world) => {
    const server = await world.start({
      '4lw.commands.whitelist': 'ruok, srvr,mntr,wchs,wchp,wchc,cons,conf,isro,dump',
    });
    const client = await world.client();
    const { sessionId } = await client.open();
    client.request(1, 'create', createRequest, node('/a'));
    client.request(2, 'getData', pathWatchRequest, { path: '/a', watch: true });
    expect([await client.reply(), await client.reply()]).toEqual([
      { xid: 1, err: 0 },
      { xid: 2, err: 0 },
    ]);
    expect(await world.ask('ruok')).toBe('imok');
    expect(await world.ask('isro')).toBe('rw');
    expect(await world.ask('stat')).toBe('stat is not executed because it is not in the whitelist.\n');
    // The word itself counts as a packet, as its connection does; its answer when it has been sent.
    expect(await world.ask('srvr')).toMatch(
      new RegExp(
        `^Zookeeper version: ${SERVER_VERSION}\nLatency min/avg/max: 0/0\\.0/0\nReceived: \\d+\nSent: 6\n` +
          'Connections: 2\nOutstanding: 0\nZxid: 0x2\nMode: standalone\nNode count: 6\n$',
      ),
    );
    const session = `0x${sessionId.toString(16)}`;
    expect(await world.ask('wchs')).toBe('1 connections watching 1 paths\nTotal watches:1\n');
    expect(await world.ask('wchp')).toBe(`/a\n\t${session}\n\n`);
    expect(await world.ask('wchc')).toBe(`${session}\n\t/a\n\n`);
    expect(await world.ask('cons')).toMatch(
      new RegExp(
        ` /client-0:\\d+\\[1\\]\\(queued=0,recved=3,sent=3,sid=${session},lop=GETD,est=\\d+,to=4000,lcxid=0x2,` +
          'lzxid=0x2,lresp=\\d+,llat=0,minlat=0,avglat=0,maxlat=0\\)\n',
      ),
    );
    const dump = await world.ask('dump');
    expect(dump).toContain('SessionTracker dump:\nSession Sets (1)/(1):\n1 expire at ');
    expect(dump).toContain('ephemeral nodes dump:\nSessions with Ephemerals (0):\nConnections dump:\n');
    expect((await world.ask('conf')).split('\n').slice(0, 3)).toEqual([
      'clientPort=2181',
      'secureClientPort=-1',
      'dataDir=/data/version-2',
    ]);
    const metrics = new Map((await world.ask('mntr')).split('\n').map((line) => line.split('\t') as [string, string]));
    expect(metrics.get('zk_server_state')).toBe('standalone');
    expect(metrics.get('zk_znode_count')).toBe('6');
    expect(metrics.get('zk_watch_count')).toBe('1');
    expect(metrics.get('zk_avg_latency')).toBe('0.0');
    expect(metrics.get('zk_global_sessions')).toBe('1');
    // The session's beginning is one.
    expect(metrics.get('zk_cnt_updatelatency')).toBe('2');
    expect(metrics.get('zk_cnt_readlatency')).toBe('1');
    expect(metrics.has('zk_p99_readlatency')).toBe(true);
    await server.stop();
  }));

test('members of an ensemble list all sessions: the leader by when they expire, the others with their timeouts', () =>
  World.run(async (world) => {
    const ids = ['1', '2', '3'];
    const members = ids.map((id) => [`server.${id}`, `zoo${id}:2888:3888`] as const);
    const own = { dataDir: '/data', clientPort: '2181', tickTime: '1000', initLimit: '10', syncLimit: '5' };
    const config = new Map(Object.entries({ ...own, '4lw.commands.whitelist': '*', ...Object.fromEntries(members) }));
    const nodes = await Promise.all(
      ids.map((id) => {
        const settings = readZooKeeperSettings(config, new Map(), id);
        return startZooKeeper({ settings, ports: world.world.addHost(`zoo${id}`).ports });
      }),
    );
    const modes = async () => {
      const answers = await Promise.all(ids.map((id) => world.ask('srvr', 2181, `zoo${id}`)));
      return answers.map((answer) => /^Mode: (.*)$/m.exec(answer)?.[1]);
    };
    let serving = await modes();
    while (serving.includes(undefined)) {
      await new Promise<void>((resolve) => void world.world.time.after(100, resolve));
      serving = await modes();
    }
    const client = await world.client(undefined, 'zoo1');
    const session = `0x${(await client.open(7_000)).sessionId.toString(16)}`;
    // Behind a write of the session everybody has it, or will before it says so.
    client.request(1, 'create', createRequest, node('/a'));
    expect((await client.reply()).err).toBe(0);
    await new Promise<void>((resolve) => void world.world.time.after(500, resolve));
    for (const [at, mode] of serving.entries()) {
      const dump = await world.ask('dump', 2181, `zoo${at + 1}`);
      // As a Java server writes them.
      if (mode === 'leader') {
        expect(dump).toMatch(
          new RegExp(`^SessionTracker dump:\nSession Sets \\(1\\)/\\(1\\):\n1 expire at .*:\n\t${session}\nephemeral`),
        );
      } else expect(dump).toContain(`SessionTracker dump:\nGlobal Sessions(1):\n${session}\t7000ms\nephemeral nodes`);
    }
    expect([...serving].sort()).toEqual(['follower', 'follower', 'leader']);
    expect((await world.ask('conf', 2181, 'zoo2')).split('\n').slice(-5)).toEqual([
      'membership: ',
      ...members.map(([name, address]) => `${name}=${address}:participant`),
      'version=0',
    ]);
    await Promise.all(nodes.map((each) => each.stop()));
  }));

test('a word comes in pieces, its argument too, and after a session has begun it is the length of a frame', () =>
  World.run(async (world) => {
    const server = await world.start();
    expect(await world.ask('gtmk')).toBe('306');
    expect(await world.ask('stmk\0\0\0\0\0\0\u0001\0')).toBe('256');
    expect(await world.ask('gtmk')).toBe('256');
    const client = await world.client();
    await client.open();
    client.connection.write([Buffer.from('ruok')]);
    expect(await client.closed).toBe('reset');
    await server.stop();
  }));

test('a frame longer than jute.maxbuffer, or of a negative length, ends the connection', () =>
  World.run(async (world) => {
    const server = await world.start({}, { 'jute.maxbuffer': '1000' });
    const client = await world.client();
    await client.open();
    client.request(1, 'create', createRequest, node('/fits', 'x'.repeat(900)));
    expect(await client.reply()).toEqual({ xid: 1, err: 0 });
    client.request(2, 'create', createRequest, node('/large', 'x'.repeat(1_000)));
    expect(await client.closed).toBe('reset');
    const negative = await world.client();
    negative.connection.write([Uint8Array.of(0xff, 0xff, 0xff, 0xff)]);
    expect(await negative.closed).toBe('reset');
    expect(server.core.server.tree.has('/large')).toBe(false);
    await server.stop();
  }));

test('a connection without a session is closed after ten seconds, and a silent one after its timeout', () =>
  World.run(async (world) => {
    const server = await world.start();
    const { clock } = world.server.ports;
    const startMs = clock.monotonicMs();
    const [idle, silent] = [await world.client(), await world.client()];
    await silent.open(4_000);
    await silent.closed;
    expect(clock.monotonicMs() - startMs).toBeGreaterThanOrEqual(4_000);
    expect(clock.monotonicMs() - startMs).toBeLessThan(6_000);
    expect(await idle.closed).toBe('reset');
    expect(clock.monotonicMs() - startMs).toBeGreaterThanOrEqual(10_000);
    expect(clock.monotonicMs() - startMs).toBeLessThan(12_000);
    expect(server.core.server.stats.metrics.counters.sessionless_connections_expired.value).toBe(1);
    await server.stop();
  }));

test('maxClientCnxns bounds the connections of one address, and maxCnxns those of all', () =>
  World.run(async (world) => {
    const server = await world.start({ maxClientCnxns: '2', maxCnxns: '3' });
    const host = world.host();
    const [one, two, three] = [await world.client(host), await world.client(host), await world.client(host)];
    expect(await three.closed).toBe('reset');
    await Promise.all([one.open(), two.open()]);
    const other = await world.client();
    await other.open();
    expect(await (await world.client()).closed).toBe('reset');
    // Room comes when one goes.
    one.connection.abort();
    await one.closed;
    await (await world.client(host)).open();
    expect(server.core.server.stats.metrics.counters.connection_rejected.value).toBe(2);
    await server.stop();
  }));

test('a client that never reads is not served without end: its requests wait until it does', () =>
  World.run(async (world) => {
    const server = await world.start();
    const client = await world.client();
    await client.open(20_000);
    client.request(1, 'create', createRequest, node('/large', 'x'.repeat(100_000)));
    await client.reply();
    client.connection.pause();
    const asked = 500;
    for (let xid = 2; xid < asked + 2; xid++) client.request(xid, 'getData', pathWatchRequest, read('/large'));
    const other = await world.client();
    await other.open();
    for (let xid = 1; xid <= 20; xid++) {
      other.request(xid, 'getData', pathWatchRequest, read('/'));
      expect(await other.reply()).toEqual({ xid, err: 0 });
    }
    const served = server.core.server.stats.responseBytes.max;
    const [connection] = server.core.server.connections;
    // A few megabytes at most lie between the server and who does not read.
    expect(((connection?.stats.sent ?? 0) * served) / 1e6).toBeLessThan(8);
    client.connection.resume();
    for (let xid = 2; xid < asked + 2; xid++) expect(await client.reply()).toEqual({ xid, err: 0 });
    await server.stop();
  }));

test('metrics are served by HTTP in the text format of Prometheus', () =>
  World.run(async (world) => {
    const className = 'org.apache.zookeeper.metrics.prometheus.PrometheusMetricsProvider';
    const server = await world.start({ 'metricsProvider.className': className, 'metricsProvider.httpPort': '7000' });
    const client = await world.client();
    await client.open();
    const [head = '', body = ''] = (await world.ask('GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n', 7_000)).split(
      '\r\n\r\n',
    );
    expect(head.split('\r\n')[0]).toBe('HTTP/1.1 200 OK');
    expect(head).toContain(`Content-Length: ${body.length}`);
    expect(body).toContain('# TYPE znode_count gauge\nznode_count 5.0\n');
    expect(body).toContain('# TYPE connection_request_count counter\nconnection_request_count 1.0\n');
    expect(body).toContain(
      'readlatency{quantile="0.99"} 0.0\nreadlatency{quantile="0.999"} 0.0\nreadlatency_count 0.0\n',
    );
    for (const line of body.trimEnd().split('\n')) {
      expect(line).toMatch(/^(# (HELP|TYPE) \w+ \w+|\w+(\{[^}]+\})? (-?[\d.e+-]+|NaN))$/);
    }
    expect(await world.ask('GET / HTTP/1.1\r\n\r\n', 7_000)).toContain('404 Not Found');
    expect(await world.ask('POST /metrics HTTP/1.1\r\n\r\n', 7_000)).toContain('405 Method Not Allowed');
    expect(await world.ask(`GET /${'x'.repeat(20_000)}`, 7_000)).toContain('431');
    await server.stop();
  }));

test('statistics are reset by crst and srst', () =>
  World.run(async (world) => {
    const server = await world.start();
    const client = await world.client();
    await client.open();
    client.request(1, 'getData', pathWatchRequest, read('/'));
    await client.reply();
    expect(await world.ask('crst')).toBe('Connection stats reset.\n');
    expect(await world.ask('cons')).toContain('(queued=0,recved=0,sent=0,');
    expect(await world.ask('srst')).toBe('Server stats reset.\n');
    expect(await world.ask('srvr')).toContain('Received: 1\nSent: 1\n');
    await server.stop();
  }));
