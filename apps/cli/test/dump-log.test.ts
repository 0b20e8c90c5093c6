import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { call } from './call.ts';

const fixtures = join(import.meta.dirname, 'fixtures', 'dump-log');
const scratch = mkdtempSync(join(tmpdir(), 'biquorum-dump-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function files(pattern: string): string {
  const found = globSync(pattern, { cwd: fixtures }).toSorted();
  return found.map((name) => join(fixtures, name)).join(',');
}

/** The lines that our command prints for fixtures, and those that Apache's printed. */
async function compare(
  recorded: string,
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly ours: readonly string[]; readonly theirs: readonly string[] }> {
  const { code, out, err } = await call('dump-log', ...args);
  const ours = `${out}\n${err}`.replaceAll(`${fixtures}/`, '').trimEnd().split('\n');
  return { code, ours, theirs: readFileSync(join(fixtures, recorded), 'utf8').trimEnd().split('\n') };
}

describe("biquorum dump-log prints what Apache's tool prints", () => {
  it('for records, an offset index, a time index and a snapshot of producers', async () => {
    const { code, ours, theirs } = await compare('plain.txt', '--print-data-log', '--files', files('plain/*'));
    expect(ours).toEqual(theirs);
    expect(code).toBe(0);
  });

  it('for the sanity of indexes', async () => {
    const { ours, theirs } = await compare('sanity.txt', '--index-sanity-check', '--files', files('plain/*index'));
    expect(ours).toEqual(theirs);
  });

  it('for offsets and members of groups', async () => {
    const { ours, theirs } = await compare('offsets.txt', '--offsets-decoder', '--files', files('offsets/*'));
    expect(ours).toEqual(theirs);
  });

  it('for snapshots of metadata, that of the first voters included', async () => {
    const args = ['--cluster-metadata-decoder', '--files', files('metadata/*')];
    const { ours, theirs } = await compare('metadata.txt', ...args);
    expect(theirs.join('\n')).toContain('KRaftVoters {');
    expect(ours).toEqual(theirs);
  });

  it('for states of transactions, and an index of those that were aborted', async () => {
    const args = ['--transaction-log-decoder', '--files', files('transactions/*')];
    const { ours, theirs } = await compare('transactions.txt', ...args);
    expect(theirs.join('\n')).toContain('lastStableOffset: ');
    expect(ours).toEqual(theirs);
  });
});

describe('biquorum dump-log', () => {
  it('holds indexes against their log, names what does not agree, and fails', async () => {
    cpSync(join(fixtures, 'plain'), scratch, { recursive: true });
    const name = join(scratch, '0'.repeat(20));
    flip(`${name}.index`, 3);
    flip(`${name}.timeindex`, 6);
    flip(`${name}.timeindex`, 3 * 12 + 11);
    const { code, out, err } = await call('dump-log', '--verify-index-only', `${name}.index`, `${name}.timeindex`);
    expect(code).toBe(1);
    expect(out.split('\n')).toEqual([`Dumping ${name}.index`, `Dumping ${name}.timeindex`]);
    // As Apache's tool told of the same damage.
    expect(err.split('\n')).toEqual([
      `Mismatches in :${name}.index`,
      '  Index offset: 6, log offset: 7',
      `Found timestamp mismatch in :${name}.timeindex`,
      '  Index timestamp: 1795306827962, log timestamp: 1795306828218',
      'The following indexed offsets are not found in the log.',
      'Indexed offset: 24, found log offset: 25',
    ]);
    const json = await call('dump-log', '--verify-index-only', '--json', `${name}.index`);
    expect(JSON.parse(json.out)).toMatchObject({ file: `${name}.index`, indexOffset: 6, logOffset: 7 });
    truncateSync(`${name}.index`, 13);
    const sanity = await call('dump-log', '--index-sanity-check', `${name}.index`);
    expect(sanity).toMatchObject({ code: 1, err: expect.stringContaining('it has 13 bytes, and entries have 8') });
  });

  it('tells records with what is in them as JSON', async () => {
    const { code, out } = await call('dump-log', '--offsets-decoder', '--json', files('offsets/*'));
    expect(code).toBe(0);
    const told = out.split('\n').map((line) => JSON.parse(line));
    expect(told.find(({ key }) => key?.type === '1')).toMatchObject({
      offset: 1,
      key: { type: '1', data: { group: 'g1', topic: 'plain', partition: 0 } },
      payload: { version: '3', data: { offset: 40, metadata: 'meta' } },
    });
    expect(told.at(-1)).toMatchObject({ validBytes: 625, invalidBytes: 0 });
  });

  it('shows keys and values as numbers or bytes where that is asked for', async () => {
    const log = files('plain/*.log');
    const { out } = await call('dump-log', '--value-decoder-class', 'DefaultDecoder', '--max-bytes', '81', log);
    expect(out).toContain(`payload: ${Buffer.from('second').toString('hex')}`);
    expect(await call('dump-log', '--value-decoder-class', 'com.example.Mine', log)).toMatchObject({
      code: 2,
      err: expect.stringContaining('There are StringDecoder, IntegerDecoder, LongDecoder, DefaultDecoder.'),
    });
  });

  it('says of files and decoders that make no sense what would', async () => {
    const log = files('plain/*.log');
    const two = await call('dump-log', '--offsets-decoder', '--cluster-metadata-decoder', log);
    expect(two).toMatchObject({ code: 2, err: expect.stringContaining('do not go together') });
    writeFileSync(join(scratch, 'leader-epoch-checkpoint'), '0\n0\n');
    const unknown = await call('dump-log', join(scratch, 'leader-epoch-checkpoint'));
    expect(unknown).toMatchObject({ code: 1, err: expect.stringContaining('Ignoring unknown file') });
    const alone = join(scratch, '00000000000000000009.index');
    writeFileSync(alone, new Uint8Array(8));
    expect(await call('dump-log', alone)).toMatchObject({
      code: 2,
      err: expect.stringContaining('--index-sanity-check looks at an index alone'),
    });
    expect(await call('dump-log', 'nowhere/00000000000000000000.log')).toMatchObject({ code: 2 });
  });
});

function flip(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(path, bytes);
}
