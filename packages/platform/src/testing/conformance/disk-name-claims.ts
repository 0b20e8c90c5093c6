import type { DiskError } from '../../disk-error.ts';
import { check, equal, equalBytes, eventually, pattern, rejectsCode, text } from './checks.ts';
import { type Claim, claim } from './kit.ts';

/** What all directories do. */
export const diskNameClaims: readonly Claim[] = [
  claim('a directory is listed by name, with kinds', async ({ ports: { disk }, directory }) => {
    equal(await disk.list(directory), [], 'a fresh directory');
    for (const name of ['b', 'a10', 'a9', 'Z', '_', 'é']) await disk.open(`${directory}/${name}`, 'create').close();
    await disk.makeDirectory(`${directory}/c/deep/er`);
    equal(
      await disk.list(directory),
      [
        { name: 'Z', kind: 'file' },
        { name: '_', kind: 'file' },
        { name: 'a10', kind: 'file' },
        { name: 'a9', kind: 'file' },
        { name: 'b', kind: 'file' },
        { name: 'c', kind: 'directory' },
        { name: 'é', kind: 'file' },
      ],
      'entries',
    );
    equal(await disk.list(`${directory}/c/deep`), [{ name: 'er', kind: 'directory' }], 'entries of an inner one');
    await rejectsCode('not-found', disk.list(`${directory}/none`), 'a missing directory');
    await rejectsCode('not-a-directory', disk.list(`${directory}/b`), 'a file');
  }),

  claim('stat tells kind, size and age, and of nothing undefined', async ({ ports, directory }) => {
    const { clock, disk } = ports;
    const before = clock.wallMs();
    const file = disk.open(`${directory}/file`, 'create');
    file.write(0, [pattern(1_234)]);
    const status = await disk.stat(`${directory}/file`);
    equal(status?.kind, 'file', 'kind');
    equal(status?.size, 1_234, 'size');
    // File systems keep time in steps of up to some milliseconds.
    check(Math.abs((status?.modifiedMs ?? 0) - before) < 5_000, `modified at ${status?.modifiedMs}, now ${before}`);
    equal((await disk.stat(directory))?.kind, 'directory', 'kind of a directory');
    equal(await disk.stat(`${directory}/none`), undefined, 'a missing file');
    equal(await disk.stat(`${directory}/none/none`), undefined, 'in a missing directory');
    equal(await disk.stat(`${directory}/file/none`), undefined, 'below a file');
    await file.close();
  }),

  claim('the time of modification can be set', async ({ ports: { disk }, directory }) => {
    await disk.open(`${directory}/file`, 'create').close();
    await disk.setModified(`${directory}/file`, 1_600_000_000_123);
    const { modifiedMs = 0 } = (await disk.stat(`${directory}/file`)) ?? {};
    check(Math.abs(modifiedMs - 1_600_000_000_123) < 1, `modified at ${modifiedMs}`);
    await rejectsCode('not-found', disk.setModified(`${directory}/none`, 0), 'a missing file');
  }),

  claim(
    'directories are made with those above them, and again without harm',
    async ({ ports: { disk }, directory }) => {
      await disk.makeDirectory(`${directory}/a/b/c`);
      await disk.makeDirectory(`${directory}/a/b/c`);
      await disk.makeDirectory(`${directory}/a`);
      equal((await disk.stat(`${directory}/a/b/c`))?.kind, 'directory', 'kind');
      await disk.open(`${directory}/file`, 'create').close();
      await rejectsCode('exists', disk.makeDirectory(`${directory}/file`), 'where a file stands');
      await rejectsCode('not-a-directory', disk.makeDirectory(`${directory}/file/a`), 'below a file');
    },
  ),

  claim('remove takes files and empty directories', async ({ ports: { disk }, directory }) => {
    await disk.makeDirectory(`${directory}/sub`);
    await disk.open(`${directory}/sub/file`, 'create').close();
    await rejectsCode('not-empty', disk.remove(`${directory}/sub`), 'a directory with a file');
    await disk.remove(`${directory}/sub/file`);
    await disk.remove(`${directory}/sub`);
    equal(await disk.list(directory), [], 'what is left');
    await rejectsCode('not-found', disk.remove(`${directory}/sub`), 'what is gone');
  }),

  claim('removeTree takes everything, and nothing without complaint', async ({ ports: { disk }, directory }) => {
    await disk.makeDirectory(`${directory}/sub/a/b`);
    await disk.open(`${directory}/sub/a/file`, 'create').close();
    await disk.open(`${directory}/file`, 'create').close();
    await disk.removeTree(`${directory}/sub`);
    await disk.removeTree(`${directory}/file`);
    await disk.removeTree(`${directory}/none`);
    equal(await disk.list(directory), [], 'what is left');
  }),

  claim('rename moves files and directories, and replaces files', async ({ ports: { disk }, directory }) => {
    await disk.makeDirectory(`${directory}/from`);
    await disk.makeDirectory(`${directory}/empty`);
    await disk.replace(`${directory}/from/a`, text('a'));
    await disk.replace(`${directory}/b`, text('b'));
    await disk.rename(`${directory}/from/a`, `${directory}/b`);
    equalBytes(await disk.readWhole(`${directory}/b`, 10), text('a'), 'the file that was replaced');
    await disk.rename(`${directory}/b`, `${directory}/from/b`);
    await disk.rename(`${directory}/from`, `${directory}/empty`);
    equal(await disk.list(directory), [{ name: 'empty', kind: 'directory' }], 'names');
    equalBytes(await disk.readWhole(`${directory}/empty/b`, 10), text('a'), 'the file in the moved directory');
    await disk.rename(`${directory}/empty/b`, `${directory}/empty/b`);
    equal(await disk.list(`${directory}/empty`), [{ name: 'b', kind: 'file' }], 'after renaming to itself');
  }),

  claim('rename refuses what cannot be', async ({ ports: { disk }, directory }) => {
    await disk.makeDirectory(`${directory}/full/inner`);
    await disk.makeDirectory(`${directory}/sub`);
    await disk.open(`${directory}/file`, 'create').close();
    await rejectsCode('not-found', disk.rename(`${directory}/none`, `${directory}/a`), 'a missing file');
    await rejectsCode('not-found', disk.rename(`${directory}/file`, `${directory}/none/a`), 'to a missing directory');
    await rejectsCode('is-directory', disk.rename(`${directory}/file`, `${directory}/sub`), 'a file onto a directory');
    await rejectsCode('not-a-directory', disk.rename(`${directory}/sub`, `${directory}/file`), 'the other way round');
    await rejectsCode('not-empty', disk.rename(`${directory}/sub`, `${directory}/full`), 'onto a full directory');
  }),

  claim(
    'replace makes a file or takes its place, and leaves nothing beside it',
    async ({ ports: { disk }, directory }) => {
      const path = `${directory}/checkpoint`;
      for (const bytes of [text('first, and longer'), text('second'), new Uint8Array(0), pattern(100_000)]) {
        await disk.replace(path, bytes);
        equalBytes(await disk.readWhole(path, 200_000), bytes, 'content');
        equal(await disk.list(directory), [{ name: 'checkpoint', kind: 'file' }], 'names');
      }
      await rejectsCode('not-found', disk.replace(`${directory}/none/file`, text('x')), 'in a missing directory');
    },
  ),

  claim('readWhole keeps its bound', async ({ ports: { disk }, directory }) => {
    await disk.replace(`${directory}/file`, pattern(1_000));
    equalBytes(await disk.readWhole(`${directory}/file`, 1_000), pattern(1_000), 'content');
    const error = await rejectsCode('too-large', disk.readWhole(`${directory}/file`, 999), 'a byte too many');
    check(error.message.includes('1000 bytes'), `message without the size: ${error.message}`);
    await rejectsCode('not-found', disk.readWhole(`${directory}/none`, 10), 'a missing file');
    await rejectsCode('is-directory', disk.readWhole(directory, 10), 'a directory');
  }),

  claim('syncDirectory takes any directory that is there', async ({ ports: { disk }, directory }) => {
    await disk.open(`${directory}/file`, 'create').close();
    await disk.syncDirectory(directory);
    await rejectsCode('not-found', disk.syncDirectory(`${directory}/none`), 'a missing directory');
  }),

  claim('the room on the disk is told', async ({ ports: { disk }, directory }) => {
    const { totalBytes, availableBytes } = await disk.space(directory);
    check(totalBytes > 0 && Number.isFinite(totalBytes), `total ${totalBytes}`);
    check(availableBytes >= 0 && availableBytes <= totalBytes, `${availableBytes} of ${totalBytes} available`);
    await rejectsCode('not-found', disk.space(`${directory}/none`), 'a missing directory');
  }),

  claim('a lock has one holder at a time', async ({ ports: { disk }, directory }) => {
    const path = `${directory}/.lock`;
    const first = await disk.lock(path);
    const error = (await rejectsCode('locked', disk.lock(path), 'a second holder')) as DiskError;
    equal(error.path, path, 'path of the error');
    const other = await disk.lock(`${directory}/.other`);
    await first.release();
    await first.release();
    const second = await disk.lock(path);
    await first.release();
    await rejectsCode('locked', disk.lock(path), 'a third holder, after the first released again');
    await Promise.all([second.release(), other.release()]);
    equal((await disk.stat(path))?.size, 0, 'size of the lock file');
    await rejectsCode('not-found', disk.lock(`${directory}/none/.lock`), 'in a missing directory');
    await rejectsCode('is-directory', disk.lock(directory), 'a directory');
  }),

  claim('many operations may be in flight at once', async ({ ports, directory }) => {
    const { disk } = ports;
    let done = 0;
    for (let index = 0; index < 200; index++) {
      const path = `${directory}/${index}`;
      void disk
        .replace(path, pattern(100, index))
        .then(() => disk.readWhole(path, 100))
        .then((bytes) => {
          equalBytes(bytes, pattern(100, index), path);
          done++;
        });
    }
    await eventually(ports, () => done === 200, 'all files');
    equal((await disk.list(directory)).length, 200, 'files');
  }),
];
