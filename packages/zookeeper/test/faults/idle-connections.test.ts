/** Very many clients that have a session and nothing to say, at a server in a process of its own. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { connectRequest, toBytes } from '@biquorum/zookeeper-wire';
import { expect, test } from 'vitest';
import type { SocketClient } from '../quorum/socket-client.ts';
import { ProcessEnsemble } from './process-ensemble.ts';

const CONNECTIONS = 5_000;
/** Those whose connections are under way at once. */
const AT_ONCE = 100;
/** What the test and its server need of files beside the connections. */
const FILES_BESIDE = 500;
const SESSION_TIMEOUT_MS = 600_000;
const REQUESTS = 4_000;
/** Memory of the server for each connection, with its session, its buffers and all that the heap keeps beside them. */
const BYTES_EACH_MAX = 20_000;
/** Clock ticks of Linux in a second. */
const TICKS_PER_SECOND = 100;

const filesMax = Number(/^Max open files\s+\S+\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? 0);

/** Connects and gets a session. */
async function idle(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const hello = { protocolVersion: 0, lastZxidSeen: 0, sessionId: 0n, password: null, readOnly: false };
  const body = toBytes(connectRequest, { ...hello, timeoutMs: SESSION_TIMEOUT_MS });
  const frame = Buffer.alloc(4 + body.length);
  frame.writeInt32BE(body.length);
  frame.set(body, 4);
  socket.write(frame);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(answer.readInt32BE(8)).toBe(SESSION_TIMEOUT_MS);
  return socket;
}

function residentBytes(pid: number): number {
  const kib = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kib) * 1_024;
}

/** What a process has used of processors, whatever else runs on the machine. */
function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return ((Number(fields[11]) + Number(fields[12])) * 1_000) / TICKS_PER_SECOND;
}

/** What the server spends on a client that reads and writes. */
async function work(client: SocketClient, pid: number): Promise<number> {
  const before = cpuMs(pid);
  for (let at = 0; at < REQUESTS; at += 20) {
    const reads = Array.from({ length: 19 }, () => client.get('/worked-on'));
    const [{ err }, ...read] = await Promise.all([client.set('/worked-on', 'x'), ...reads]);
    expect([err, new Set(read).size]).toEqual([undefined, 1]);
  }
  return cpuMs(pid) - before;
}

test.skipIf(filesMax < CONNECTIONS + FILES_BESIDE)(
  '5,000 idle connections take a bounded memory, and a client that works is served as if they were not there',
  { timeout: 600_000 },
  async () => {
    await using ensemble = await ProcessEnsemble.start({
      servers: 1,
      lines: [`maxSessionTimeout=${SESSION_TIMEOUT_MS}`],
    });
    const server = ensemble.server(1);
    const { pid } = server;
    const client = await ensemble.client(1);
    await client.create('/worked-on', 'x');
    // Once for what is compiled on the way.
    await work(client, pid);
    const aloneMs = await work(client, pid);
    const aloneBytes = residentBytes(pid);
    const sockets: Socket[] = [];
    try {
      for (let at = 0; at < CONNECTIONS; at += AT_ONCE) {
        sockets.push(...(await Promise.all(Array.from({ length: AT_ONCE }, () => idle(server.place.port)))));
        // Its own session is shorter.
        await client.ask('ping');
      }
      expect(await server.ask('mntr')).toMatch(/^zk_num_alive_connections\t500[12]$/m);
      const amongMs = await work(client, pid);
      expect((residentBytes(pid) - aloneBytes) / CONNECTIONS).toBeLessThan(BYTES_EACH_MAX);
      // Not a matter of their number: if each were looked at for each request, it would be many times as much.
      expect(amongMs).toBeLessThan(4 * aloneMs + 400);
      expect(sockets.every(({ destroyed }) => !destroyed)).toBe(true);
    } finally {
      for (const socket of sockets) socket.destroy();
    }
    // All that was theirs is given back: others are served.
    expect((await client.create('/afterwards')).err).toBeUndefined();
    expect((await client.get('/afterwards')) ?? null).toBe('');
  },
);
