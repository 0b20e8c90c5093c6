import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DiskError } from '@biquorum/platform';
import { createNodePorts } from '@biquorum/platform/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Program } from './programs.ts';

const { disk } = createNodePorts();
let directory = '';

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'biquorum-platform-'));
});
afterAll(() => rm(directory, { recursive: true }));

describe.runIf(process.platform === 'linux')('a device that is full', () => {
  it('fails with no-space, and names the path', () => {
    const file = disk.open('/dev/full', 'write');
    expect(() => file.write(0, [new Uint8Array(10)])).toThrow(
      expect.objectContaining({ name: 'DiskError', code: 'no-space', operation: 'write', path: '/dev/full' }),
    );
    expect(() => file.write(0, [new Uint8Array(10), new Uint8Array(10)])).toThrow('/dev/full: no space left');
  });
});

describe.runIf(process.platform === 'linux')('a sync that fails', () => {
  it('spoils the handle: later ones fail with the same error', async () => {
    // A device without blocks cannot be synced.
    const file = disk.open('/dev/full', 'write');
    const error = await file.sync().catch((reason: DiskError) => reason);
    expect(error).toMatchObject({ code: 'io', operation: 'sync', path: '/dev/full' });
    await expect(file.sync()).rejects.toBe(error);
    await file.close();
  });
});

describe.runIf(process.platform === 'linux')('a write that the system takes only in part', () => {
  // The limit on the size of files ends the first call early and fails the second.
  const limit = "trap '' XFSZ; ulimit -f 8";
  const attempt = (write: string): string => `
    import { createNodePorts } from '@biquorum/platform/node';
    const file = createNodePorts().disk.open(${JSON.stringify(join(directory, 'limited'))}, 'create');
    const bytes = Uint8Array.from({ length: 9_000 }, (_, index) => index % 251);
    try { ${write} } catch (error) { console.log(error.code); }
    const read = new Uint8Array(20_000);
    const size = file.readSync(0, read);
    console.log(size, bytes.subarray(0, size).every((byte, index) => byte === read[index]));`;

  it('is taken up where it stopped: all bytes that fit are there', async () => {
    for (const write of [
      'file.write(0, [bytes]);',
      'file.write(0, [bytes.subarray(0, 5_000), bytes.subarray(5_000)]);',
      'file.write(0, Array.from(bytes, (_, index) => bytes.subarray(index, index + 1)));',
    ]) {
      const { stdout } = await new Program(attempt(write), limit).ended;
      expect(stdout).toBe('too-large\n8192 true\n');
    }
  });
});

describe('opening too many files', () => {
  it.runIf(process.platform === 'linux')('fails with too-many-open-files', async () => {
    const program = new Program(
      `
      import { createNodePorts } from '@biquorum/platform/node';
      const { disk } = createNodePorts();
      const files = [];
      try { for (;;) files.push(disk.open(${JSON.stringify(join(directory, 'many'))}, 'create')); }
      catch (error) { console.log(error.code); }`,
      'ulimit -n 64',
    );
    expect((await program.ended).stdout).toBe('too-many-open-files\n');
  });
});

describe('a lock', () => {
  const holder = (path: string): string => `
    import { createNodePorts } from '@biquorum/platform/node';
    const { disk, timers } = createNodePorts();
    try { await disk.lock(${JSON.stringify(path)}); console.log('held'); timers.set(600_000, () => {}); }
    catch (error) { console.log(error.code); }`;

  it('keeps other processes out, and goes with its process, however that dies', async () => {
    const path = join(directory, '.lock');
    const other = new Program(holder(path));
    await other.printed('held');
    await expect(disk.lock(path)).rejects.toMatchObject({ code: 'locked', path });
    other.kill();
    await other.ended;
    const lock = await disk.lock(path);
    expect((await new Program(holder(path)).ended).stdout).toBe('locked\n');
    await lock.release();
  });

  it('is on a file that holds nothing else', async () => {
    const path = join(directory, 'full');
    await writeFile(path, 'x'.repeat(2_000));
    await expect(disk.lock(path)).rejects.toThrow('not empty; a lock file holds nothing else');
  });
});

describe('replace', () => {
  it('writes over what an earlier attempt has left', async () => {
    await writeFile(join(directory, 'checkpoint.tmp'), 'left over, and longer than what is to come');
    await disk.replace(join(directory, 'checkpoint'), Uint8Array.of(1, 2, 3));
    expect(await disk.readWhole(join(directory, 'checkpoint'), 10)).toEqual(Uint8Array.of(1, 2, 3));
    expect((await disk.list(directory)).map(({ name }) => name)).not.toContain('checkpoint.tmp');
  });
});
