import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import type { Connection } from '@biquorum/platform';
import { createNodePorts } from '@biquorum/platform/node';
import { describe, expect, it, vi } from 'vitest';
import { Program } from './programs.ts';

const WAIT_MS = 60_000;
const start = `import { createNodePorts, stderrTelemetry } from '@biquorum/platform/node';
  import { jobs } from './src/testing/conformance/jobs.ts';`;

describe('a process', () => {
  it('ends by itself when nothing is left to do', async () => {
    const { code, stdout, stderr } = await new Program(`${start}
      const ports = createNodePorts();
      ports.timers.set(600_000, () => {}).cancel();
      const done = ports.timers.set(5, () => {});
      const listener = await ports.network.listen({ host: '127.0.0.1', port: 0 }, () => {});
      await listener.close();
      console.log(await ports.workers.run(jobs.sum, Uint8Array.of(1, 2)).result);`).ended;
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '3\n', stderr: '' });
  });

  it('stays while a timer is pending, and until the timers are closed', async () => {
    const { stdout } = await new Program(`${start}
      const ports = createNodePorts();
      ports.timers.set(10, () => {
        console.log('fired');
        ports.timers.set(600_000, () => {});
        ports.close();
      });`).ended;
    expect(stdout).toBe('fired\n');
  });

  it('keeps its other timers when the callback of one throws', async () => {
    const { stdout } = await new Program(`${start}
      process.on('uncaughtException', (error) => console.log(error.message));
      const { timers } = createNodePorts();
      timers.set(5, () => { throw new Error('thrown'); });
      timers.set(5, () => console.log('same moment'));
      timers.set(20, () => console.log('later'));`).ended;
    expect(stdout).toBe('thrown\nsame moment\nlater\n');
  });

  it('writes its events to standard error, one line of JSON each', async () => {
    const { stderr } = await new Program(`${start}
      const { telemetry } = createNodePorts({ telemetry: stderrTelemetry({ level: 'warn' }) });
      telemetry.log('info', 'not shown');
      telemetry.child({ partition: 3 }).log('warn', 'segment rolled', { baseOffset: 42 });`).ended;
    expect(JSON.parse(stderr)).toEqual({
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      level: 'warn',
      event: 'segment rolled',
      partition: 3,
      baseOffset: 42,
    });
  });
});

describe('the network in Node', () => {
  it('serves foreign clients, which may reset at any moment', async () => {
    const { network } = createNodePorts();
    const closed: (string | undefined)[] = [];
    const listener = await network.listen({ host: '127.0.0.1', port: 0 }, (connection: Connection) =>
      connection.start({
        data: (chunk) => void connection.write([chunk.slice()]),
        end: () => connection.end(),
        drained() {},
        closed: (error) => void closed.push(error?.code),
      }),
    );
    const { port } = listener.address;
    const polite: Socket = createConnection({ port, host: '127.0.0.1' });
    polite.end('hello');
    expect(String((await once(polite, 'data'))[0])).toBe('hello');
    await once(polite, 'close');
    const rude = createConnection({ port, host: '127.0.0.1' });
    rude.write('hello');
    await once(rude, 'data');
    rude.resetAndDestroy();
    // Some have gone before they are accepted.
    for (let index = 0; index < 50; index++) {
      const fleeting = createConnection({ port, host: '127.0.0.1' });
      fleeting.on('connect', () => fleeting.resetAndDestroy());
      await once(fleeting, 'close');
    }
    await vi.waitFor(() => expect(closed.slice(0, 2)).toEqual([undefined, 'reset']), { timeout: WAIT_MS });
    await listener.close();
  });

  it.runIf(process.platform === 'linux')('gives a dial up in time when nobody answers', async () => {
    // A process that hangs accepts nothing; once the queue of its listener is full, calls go unanswered.
    const hanging = new Program(`${start}
      import net from 'node:net';
      const server = net.createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
        process.stdout.write('port ' + server.address().port + ';', () => { for (;;); });
      });`);
    const port = Number(/port (\d+);/.exec(await hanging.printed(';'))?.[1]);
    const { clock, network } = createNodePorts();
    const made: Connection[] = [];
    const fill = async (): Promise<void> => {
      while (made.length < 20) made.push(await network.dial({ host: '127.0.0.1', port, timeoutMs: 200 }));
    };
    const startMs = clock.monotonicMs();
    await expect(fill()).rejects.toMatchObject({ code: 'timeout', operation: 'dial', host: '127.0.0.1', port });
    expect(clock.monotonicMs() - startMs).toBeGreaterThanOrEqual(200);
    for (const connection of made) connection.abort();
    hanging.kill();
    await hanging.ended;
  });

  it('listens on all addresses, and tells IPv4 peers by their IPv4 address', async () => {
    const { network } = createNodePorts();
    const accepted: Connection[] = [];
    const listener = await network.listen({ host: '::', port: 0 }, (connection) => accepted.push(connection));
    const dialled = await network.dial({ host: '127.0.0.1', port: listener.address.port, timeoutMs: 5_000 });
    await vi.waitFor(() => expect(accepted).toHaveLength(1), { timeout: WAIT_MS });
    expect(accepted[0]?.remote.host).toBe('127.0.0.1');
    expect(dialled.remote).toEqual({ host: '127.0.0.1', port: listener.address.port });
    await listener.close();
    dialled.abort();
    accepted[0]?.abort();
  });
});
