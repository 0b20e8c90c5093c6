import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { commands } from '../src/commands/index.ts';
import { readVersion } from '../src/version.ts';
import { call } from './call.ts';

const fixtures = fileURLToPath(new URL('fixtures/dump-log', import.meta.url));
const segment = '00000000000000000000.log';
const scratch = mkdtempSync(join(tmpdir(), 'biquorum-cli-'));
afterAll(() => rmSync(scratch, { recursive: true }));

describe('biquorum', () => {
  it('lists every command under --help', async () => {
    const { code, out } = await call('--help');
    expect(code).toBe(0);
    for (const { name, load } of commands) {
      const command = await load();
      expect(command.name).toBe(name);
      expect(out).toContain(`  ${name}\n      ${command.summary}\n`);
    }
  });

  it('shows the same and fails when it is called with nothing', async () => {
    const [bare, help] = [await call(), await call('--help')];
    expect(bare).toEqual({ ...help, code: 2 });
  });

  it('prints its version, which is the one all packages share', async () => {
    expect(await call('--version')).toEqual({ code: 0, out: '1.2.3', err: '' });
    const manifest = fileURLToPath(new URL('../../../packages/std/package.json', import.meta.url));
    expect(readVersion()).toBe(JSON.parse(readFileSync(manifest, 'utf8')).version);
  });

  it('names its commands when it is asked for one that it does not have', async () => {
    const { code, err } = await call('dump');
    expect(code).toBe(2);
    expect(err).toContain('biquorum has no command "dump". There are: up, server,');
  });

  it("shows a command's own help: how it is called, its options, and an example", async () => {
    for (const { name, load } of commands) {
      const { synopsis, summary, flags = [], examples = [] } = await load();
      const { code, out } = await call(name, '--help');
      expect(code).toBe(0);
      expect(out.startsWith(`biquorum ${name} ${synopsis}\n${summary}\n`)).toBe(true);
      for (const flag of flags) expect(out).toContain(`  --${flag.name}`);
      expect(examples.length, name).toBeGreaterThan(0);
      for (const example of examples) expect(out).toContain(`\n  ${example}`);
    }
  });

  it('runs the simulator and tells what came of it', async () => {
    const { code, out } = await call('sim', '--engine', 'raft', '--seeds', '2', '--json');
    expect(code).toBe(0);
    const [first, second, end] = out.split('\n').map((line) => JSON.parse(line));
    expect(first).toMatchObject({ event: 'seed', kind: 'engine', mode: 'raft', seed: 1, held: true, violations: [] });
    expect(end).toMatchObject({ event: 'end', held: true, seeds: { passed: 2, failed: 0 }, violations: [] });
    for (const name of ['events', 'operationsBegun', 'operationsAnswered']) {
      expect(first.operations[name]).toBeGreaterThan(0);
      expect(end.operations[name]).toBe(first.operations[name] + second.operations[name]);
    }
    for (const name of Object.keys(end.faults)) {
      expect(end.faults[name]).toBe((first.faults[name] ?? 0) + (second.faults[name] ?? 0));
    }
    expect(await call('sim', '--engine', 'raft', '--seeds', 'two', '--json')).toMatchObject({ code: 2 });
  });
});

describe('biquorum dump-log', () => {
  /** What our command and Apache's print, both for a file of that name in the current folder. */
  async function compare(
    change: (path: string) => void,
    recorded: string,
  ): Promise<{ code: number; same: string[][] }> {
    const path = join(scratch, segment);
    cpSync(join(fixtures, segment), path);
    change(path);
    const { code, out } = await call('dump-log', '--files', path);
    const ours = out.replace(path, segment).split('\n');
    const theirs = readFileSync(join(fixtures, recorded), 'utf8').trimEnd().split('\n');
    return { code, same: [ours, theirs] };
  }

  it("prints what Apache's tool prints for a segment that Java wrote", async () => {
    const { code, same } = await compare(() => {}, 'whole.txt');
    expect(same[0]).toEqual(same[1]);
    expect(code).toBe(0);
  });

  it("prints what Apache's tool prints for a segment that was cut off, and fails", async () => {
    const { code, same } = await compare((path) => truncateSync(path, 250), 'cut.txt');
    expect(same[0]).toEqual(same[1]);
    expect(code).toBe(1);
  });

  it("prints what Apache's tool prints for a batch whose CRC is wrong", async () => {
    const corrupt = (path: string): void => {
      const bytes = readFileSync(path);
      bytes[100] = 0xff;
      writeFileSync(path, bytes);
    };
    const { same } = await compare(corrupt, 'corrupt.txt');
    expect(same[0]).toEqual(same[1]);
  });

  it('tells batches and what is left over as lines of JSON', async () => {
    const path = join(scratch, segment);
    cpSync(join(fixtures, segment), path);
    truncateSync(path, 250);
    const { code, out } = await call('dump-log', path, '--json');
    expect(code).toBe(1);
    const told = out.split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
    const recorded = readFileSync(join(fixtures, 'cut.txt'), 'utf8').split('\n');
    const sizes = recorded.flatMap((line) => / size: (\d+) /.exec(line)?.[1] ?? []);
    expect(told.slice(0, -1).map(({ size }) => String(size))).toEqual(sizes);
    const validBytes = sizes.reduce((sum, size) => sum + Number(size), 0);
    expect(told.at(-1)).toEqual({ file: path, validBytes, invalidBytes: 250 - validBytes });
  });

  it('says what is wrong with a call that names no segment', async () => {
    expect(await call('dump-log')).toMatchObject({
      code: 2,
      err: expect.stringContaining('no file is named; give --files'),
    });
    expect((await call('dump-log', '--files', 'a.log')).err).toContain('a.log is not named like a segment');
    expect((await call('dump-log', '--files', `missing/${segment}`)).err).toContain(
      `--files missing/${segment}: there is no such file`,
    );
    const folder = join(mkdtempSync(join(scratch, 'folder-')), segment);
    mkdirSync(folder);
    expect(await call('dump-log', '--files', folder)).toMatchObject({
      code: 2,
      err: expect.stringContaining(`--files ${folder}: this is a folder`),
    });
    expect((await call('dump-log', '--deep')).err).toContain('there is no option --deep');
  });
});
