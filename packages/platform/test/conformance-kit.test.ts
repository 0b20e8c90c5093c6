import type { Connection, Disk, DiskFile, Ports, Timers } from '@biquorum/platform';
import { MemoryWorld, portClaims } from '@biquorum/platform/testing';
import { describe, expect, it } from 'vitest';

/** The claims that do not hold of ports made wrong in one way. */
async function failures(port: string, spoil: (ports: Ports) => Partial<Ports>): Promise<string[]> {
  const failed: string[] = [];
  for (const { title, check } of portClaims[port] ?? []) {
    const world = new MemoryWorld({ seed: 1 });
    const { ports } = world.addHost('one');
    const subject = { ports: { ...ports, ...spoil(ports) }, directory: '/data', host: 'one', foreignHost: 'other' };
    await world
      .run(async () => {
        await ports.disk.makeDirectory('/data');
        await check(subject);
      })
      .catch(() => failed.push(title));
  }
  return failed;
}

/** An object like another, but for some of its members. */
function but<Whole extends object>(whole: Whole, changes: Partial<Whole>): Whole {
  return new Proxy(whole, {
    get(target, name) {
      if (name in changes) return changes[name as keyof Whole];
      const value = Reflect.get(target, name, target) as unknown;
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

const files = (disk: Disk, change: (file: DiskFile) => Partial<DiskFile>): Partial<Ports> => ({
  disk: but(disk, {
    open: (path, mode) => {
      const file = disk.open(path, mode);
      return but(file, change(file));
    },
  }),
});

const connections = ({ network }: Ports, change: (connection: Connection) => Partial<Connection>): Partial<Ports> => ({
  network: but(network, {
    listen: (options, onConnection) =>
      network.listen(options, (connection) => onConnection(but(connection, change(connection)))),
    dial: async (options) => {
      const connection = await network.dial(options);
      return but(connection, change(connection));
    },
  }),
});

const timers = (whole: Timers, changes: Partial<Timers>): Partial<Ports> => ({ timers: but(whole, changes) });

describe('the conformance kit', () => {
  it('has nothing to say against ports that are right', async () => {
    for (const port of Object.keys(portClaims)) expect(await failures(port, () => ({}))).toEqual([]);
  });

  it('finds a timer that fires early', async () => {
    const found = await failures('timers', ({ timers: right }) =>
      timers(right, { set: (delayMs, callback) => right.set(delayMs * 0.9, callback) }),
    );
    expect(found).toContain('a timer fires once, and not early');
  });

  it('finds a timer that cannot be cancelled', async () => {
    const found = await failures('timers', ({ timers: right }) =>
      timers(right, { set: (delayMs, callback) => but(right.set(delayMs, callback), { cancel() {} }) }),
    );
    expect(found).toContain('a cancelled timer does not fire');
  });

  it('finds a clock that stands still', async () => {
    const found = await failures('clock', ({ clock }) => ({ clock: but(clock, { monotonicMs: () => 5 }) }));
    expect(found).toEqual(['both clocks go on while a timer runs']);
  });

  it('finds words that are not random', async () => {
    const found = await failures('random', ({ random }) => ({ random: but(random, { uint32: () => 4 }) }));
    expect(found).toEqual(['words are whole, within 32 bits and spread over them']);
  });

  it('finds a gathered write that forgets a chunk', async () => {
    const found = await failures('file', ({ disk }) =>
      files(disk, (file) => ({ write: (position, chunks) => file.write(position, chunks.slice(0, 2_000)) })),
    );
    expect(found).toEqual(['chunks are written as one, however many, and some empty']);
  });

  it('finds a truncation that leaves old bytes behind', async () => {
    const found = await failures('file', ({ disk }) =>
      files(disk, (file) => ({
        async truncate(size) {
          const cut = new Uint8Array(Math.max(0, file.size() - size));
          file.readSync(size, cut);
          await file.truncate(size);
          if (cut.length === 0) file.write(size - 10, [new Uint8Array(10).fill(9)]);
        },
      })),
    );
    expect(found).toEqual(['truncating cuts, and what was cut off does not come back']);
  });

  it('finds a close that does not wait', async () => {
    const found = await failures('file', ({ disk }) =>
      files(disk, (file) => ({
        async close() {
          void file.close();
        },
      })),
    );
    expect(found).toContain('a closed handle refuses everything, and closing waits for what is in flight');
  });

  it('finds a list that is not sorted, and a lock that is none', async () => {
    const found = await failures('directory', ({ disk }) => ({
      disk: but(disk, {
        list: async (path) => (await disk.list(path)).reverse(),
        lock: async () => ({ release: async () => {} }),
      }),
    }));
    expect(found).toEqual(['a directory is listed by name, with kinds', 'a lock has one holder at a time']);
  });

  it('finds a replace that leaves its temporary file', async () => {
    const found = await failures('directory', ({ disk }) => ({
      disk: but(disk, {
        async replace(path, bytes) {
          await disk.replace(`${path}.old`, bytes);
          await disk.replace(path, bytes);
        },
      }),
    }));
    expect(found).toContain('replace makes a file or takes its place, and leaves nothing beside it');
  });

  it('finds done that is called too early', async () => {
    const found = await failures('connection', (ports) =>
      connections(ports, (connection) => ({
        write(chunks, done) {
          done?.();
          return connection.write(chunks);
        },
      })),
    );
    expect(found).toContain('done is called for each write, in order, and never from inside write');
    expect(found).toContain('a buffer can be reused as soon as done has been called');
  });

  it('finds a connection that knows no pause', async () => {
    const found = await failures('connection', (ports) => connections(ports, () => ({ pause() {} })));
    expect(found).toContain('a paused reader gets nothing, and all of it when it resumes');
    expect(found).toContain('the end waits for resume');
  });

  it('finds an end that ends both directions', async () => {
    const found = await failures('connection', (ports) =>
      connections(ports, (connection) => ({
        start: (handlers) =>
          connection.start(
            but(handlers, {
              end() {
                connection.end();
                handlers.end();
              },
            }),
          ),
      })),
    );
    expect(found).toContain('each direction ends on its own, and both together close without an error');
  });

  it('finds a writer that is never told to wait', async () => {
    const found = await failures('connection', (ports) =>
      connections(ports, (connection) => ({
        write(chunks, done) {
          // What would take a gigabyte to find out.
          connection.write(chunks.length === 1 && chunks[0]?.length === 200_000 ? [] : chunks, done);
          return true;
        },
      })),
    );
    expect(found).toContain('a writer is told to wait while the reader does not read, and when to go on');
  });

  it('finds a listener that keeps its port', async () => {
    const found = await failures('listener', ({ network }) => ({
      network: but(network, {
        listen: async (options, onConnection) =>
          but(await network.listen(options, onConnection), { close: async () => {} }),
      }),
    }));
    expect(found).toContain('a port is chosen when none is asked for, and a chosen one is kept');
    expect(found).toContain('dialling where nobody listens is refused');
  });

  it('finds workers that do not move buffers, and have no bound', async () => {
    const found = await failures('workers', ({ workers }) => ({
      workers: {
        run(job, input) {
          const run = workers.run(job, input);
          const result = run.result.catch((error: { code: string }) => {
            if (error.code === 'busy') return new Promise<never>(() => {});
            throw error;
          });
          return { ...run, result };
        },
      },
    }));
    expect(found).toContain('buffers move in and out without copies');
    expect(found).toContain('too many jobs are refused, and waiting ones can be cancelled');
  });
});
