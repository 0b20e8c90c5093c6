import type { DiskError } from '../../disk-error.ts';
import { check, equal, equalBytes, pattern, rejectsCode, text, throwsCode } from './checks.ts';
import { type Claim, claim } from './kit.ts';

/** What all files do. */
export const diskFileClaims: readonly Claim[] = [
  claim('each mode of opening finds or makes the file as it should', async ({ ports: { disk }, directory }) => {
    const path = `${directory}/file`;
    throwsCode('not-found', () => disk.open(path, 'read'), 'read of a missing file');
    throwsCode('not-found', () => disk.open(path, 'write'), 'write of a missing file');
    const made = disk.open(path, 'create-new');
    equal(made.size(), 0, 'size of a new file');
    made.write(0, [text('kept')]);
    await made.close();
    throwsCode('exists', () => disk.open(path, 'create-new'), 'create-new of a file that is there');
    for (const mode of ['read', 'write', 'create'] as const) {
      const file = disk.open(path, mode);
      equal(file.size(), 4, `size after opening with ${mode}`);
      equal(file.path, path, 'path');
      await file.close();
    }
  }),

  claim('opening names what stands in the way', async ({ ports: { disk }, directory }) => {
    await disk.makeDirectory(`${directory}/sub`);
    await disk.open(`${directory}/file`, 'create').close();
    for (const mode of ['read', 'write', 'create'] as const) {
      throwsCode('is-directory', () => disk.open(`${directory}/sub`, mode), `${mode} of a directory`);
      throwsCode('not-found', () => disk.open(`${directory}/none/file`, mode), `${mode} in a missing directory`);
      throwsCode('not-a-directory', () => disk.open(`${directory}/file/file`, mode), `${mode} below a file`);
    }
    const error = throwsCode('not-found', () => disk.open(`${directory}/none`, 'read'), 'a missing file') as DiskError;
    equal(error.path, `${directory}/none`, 'path of the error');
    equal(error.operation, 'open', 'operation of the error');
    check(error.message.includes(`${directory}/none`), `message without the path: ${error.message}`);
  }),

  claim('what is written is read at once, in every way', async ({ ports: { disk }, directory }) => {
    const file = disk.open(`${directory}/file`, 'create');
    const bytes = pattern(200_000);
    file.write(0, [bytes]);
    equal(file.size(), bytes.length, 'size');
    const [warm, cold] = [new Uint8Array(bytes.length), new Uint8Array(bytes.length)];
    equal(file.readSync(0, warm), bytes.length, 'bytes read synchronously');
    equalBytes(warm, bytes, 'bytes read synchronously');
    equal(await file.read(0, cold), bytes.length, 'bytes read asynchronously');
    equalBytes(cold, bytes, 'bytes read asynchronously');
    const part = new Uint8Array(1_000);
    equal(file.readSync(65_000, part), 1_000, 'bytes of a part');
    equalBytes(part, bytes.subarray(65_000, 66_000), 'a part');
    const other = disk.open(`${directory}/file`, 'read');
    equal(other.readSync(0, warm.fill(0)), bytes.length, 'bytes read through another handle');
    equalBytes(warm, bytes, 'bytes read through another handle');
    await Promise.all([file.close(), other.close()]);
  }),

  claim('chunks are written as one, however many, and some empty', async ({ ports: { disk }, directory }) => {
    const file = disk.open(`${directory}/file`, 'create');
    const bytes = pattern(30_000);
    const chunks: Uint8Array[] = [];
    for (let start = 0; start < bytes.length; start += 10) {
      chunks.push(bytes.subarray(start, start + 10));
      if (start % 700 === 0) chunks.push(new Uint8Array(0));
    }
    file.write(0, chunks);
    file.write(bytes.length, []);
    file.write(bytes.length, [new Uint8Array(0), new Uint8Array(0)]);
    equal(file.size(), bytes.length, 'size');
    const read = new Uint8Array(bytes.length);
    file.readSync(0, read);
    equalBytes(read, bytes, 'gathered bytes');
    await file.close();
  }),

  claim("the bytes of a write are the caller's again when it returns", async ({ ports: { disk }, directory }) => {
    const file = disk.open(`${directory}/file`, 'create');
    const reused = pattern(5_000);
    file.write(0, [reused]);
    reused.fill(0);
    const read = new Uint8Array(5_000);
    file.readSync(0, read);
    equalBytes(read, pattern(5_000), 'bytes');
    await file.close();
  }),

  claim('a read is short only at the end of the file', async ({ ports: { disk }, directory }) => {
    const file = disk.open(`${directory}/file`, 'create');
    file.write(0, [pattern(100)]);
    for (const [position, count] of [
      [90, 10],
      [100, 0],
      [5_000, 0],
    ] as const) {
      equal(file.readSync(position, new Uint8Array(50)), count, `bytes read synchronously at ${position} of 100`);
      equal(await file.read(position, new Uint8Array(50)), count, `bytes read asynchronously at ${position} of 100`);
    }
    equal(file.readSync(0, new Uint8Array(0)), 0, 'bytes of an empty read');
    await file.close();
  }),

  claim('a gap before a write reads as zeros', async ({ ports: { disk }, directory }) => {
    const file = disk.open(`${directory}/file`, 'create');
    file.write(10_000, [text('end')]);
    equal(file.size(), 10_003, 'size');
    const read = new Uint8Array(10_003).fill(1);
    equal(file.readSync(0, read), 10_003, 'bytes read');
    check(
      read.subarray(0, 10_000).every((byte) => byte === 0),
      'the gap is not zeros',
    );
    await file.close();
  }),

  claim('overwriting changes only what it covers', async ({ ports: { disk }, directory }) => {
    const file = disk.open(`${directory}/file`, 'create');
    file.write(0, [text('0123456789')]);
    file.write(3, [text('abc')]);
    file.write(9, [text('xyz')]);
    const read = new Uint8Array(12);
    equal(file.readSync(0, read), 12, 'bytes read');
    equalBytes(read, text('012abc678xyz'), 'bytes');
    await file.close();
  }),

  claim('truncating cuts, and what was cut off does not come back', async ({ ports: { disk }, directory }) => {
    const file = disk.open(`${directory}/file`, 'create');
    file.write(0, [pattern(10_000)]);
    await file.truncate(5_001);
    equal(file.size(), 5_001, 'size when cut');
    await file.truncate(9_000);
    equal(file.size(), 9_000, 'size when lengthened');
    const read = new Uint8Array(9_000);
    equal(file.readSync(0, read), 9_000, 'bytes read');
    equalBytes(read.subarray(0, 5_001), pattern(10_000).subarray(0, 5_001), 'what was left');
    check(
      read.subarray(5_001).every((byte) => byte === 0),
      'cut bytes came back',
    );
    await file.close();
  }),

  claim('allocating lengthens with zeros and never shortens', async ({ ports: { disk }, directory }) => {
    const file = disk.open(`${directory}/file`, 'create');
    file.write(0, [text('head')]);
    await file.allocate(3_000_000);
    equal(file.size(), 3_000_000, 'size');
    await file.allocate(10);
    equal(file.size(), 3_000_000, 'size after allocating less');
    const read = new Uint8Array(3_000_000).fill(1);
    equal(await file.read(0, read), read.length, 'bytes read');
    equalBytes(read.subarray(0, 4), text('head'), 'what was there');
    check(
      read.subarray(4).every((byte) => byte === 0),
      'what was allocated is not zeros',
    );
    await file.close();
  }),

  claim('syncs may overlap with each other and with reads and writes', async ({ ports: { disk }, directory }) => {
    const file = disk.open(`${directory}/file`, 'create');
    const pending: Promise<unknown>[] = [];
    for (let index = 0; index < 20; index++) {
      file.write(index * 100, [pattern(100, index)]);
      pending.push(file.sync(), file.read(0, new Uint8Array(100)));
    }
    await Promise.all(pending);
    const read = new Uint8Array(2_000);
    equal(file.readSync(0, read), 2_000, 'bytes');
    for (let index = 0; index < 20; index++) {
      equalBytes(read.subarray(index * 100, index * 100 + 100), pattern(100, index), `write ${index}`);
    }
    await file.close();
  }),

  claim('a file that is only read refuses changes', async ({ ports: { disk }, directory }) => {
    await disk.open(`${directory}/file`, 'create').close();
    const file = disk.open(`${directory}/file`, 'read');
    throwsCode('read-only', () => file.write(0, [text('x')]), 'write');
    await rejectsCode('read-only', file.truncate(0), 'truncate');
    await rejectsCode('read-only', file.allocate(10), 'allocate');
    await file.sync();
    await file.close();
  }),

  claim('a closed handle refuses everything, and closing waits for what is in flight', async (subject) => {
    const { disk } = subject.ports;
    const file = disk.open(`${subject.directory}/file`, 'create');
    file.write(0, [pattern(100_000)]);
    const read = new Uint8Array(100_000);
    let finished = 0;
    const inFlight = [file.read(0, read), file.sync()].map((operation) => operation.then(() => finished++));
    const closed = file.close().then(() => equal(finished, 2, 'operations finished before close'));
    throwsCode('closed', () => file.write(0, [text('x')]), 'write');
    throwsCode('closed', () => file.size(), 'size');
    throwsCode('closed', () => file.readSync(0, new Uint8Array(1)), 'readSync');
    await rejectsCode('closed', file.read(0, new Uint8Array(1)), 'read');
    await rejectsCode('closed', file.sync(), 'sync');
    await rejectsCode('closed', file.truncate(0), 'truncate');
    await Promise.all([closed, file.close(), ...inFlight]);
    equalBytes(read, pattern(100_000), 'what was read meanwhile');
  }),

  claim('a removed or renamed file stays good for those who have it open', async ({ ports: { disk }, directory }) => {
    const [removed, renamed] = [disk.open(`${directory}/a`, 'create'), disk.open(`${directory}/b`, 'create')];
    removed.write(0, [text('removed')]);
    renamed.write(0, [text('renamed')]);
    await disk.remove(`${directory}/a`);
    await disk.rename(`${directory}/b`, `${directory}/c`);
    removed.write(7, [text('!')]);
    renamed.write(7, [text('!')]);
    const read = new Uint8Array(8);
    equal(removed.readSync(0, read), 8, 'bytes of the removed file');
    equalBytes(read, text('removed!'), 'the removed file');
    equalBytes(await disk.readWhole(`${directory}/c`, 100), text('renamed!'), 'the renamed file');
    await Promise.all([removed.close(), renamed.close()]);
  }),
];
