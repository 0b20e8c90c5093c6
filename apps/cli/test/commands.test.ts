import { describe, expect, it } from 'vitest';
import type { Command } from '../src/command.ts';
import { commands } from '../src/commands/index.ts';
import { parseFlags } from '../src/flags.ts';
import { call } from './call.ts';

/** What is behind `biquorum`, whatever else is piped to or from it. */
const CALL = /(?:^|\| )biquorum (\S+) ([^|]*)$/;
/** Words of a call as a shell takes them apart. */
const wordsOf = (text: string): string[] => text.match(/'[^']*'|\S+/g)?.map((word) => word.replace(/^'|'$/g, '')) ?? [];

const all: readonly (readonly [name: string, command: Command])[] = await Promise.all(
  commands.map(async ({ name, load }) => [name, await load()] as const),
);

describe.each(all)('biquorum %s', (name, command) => {
  const { synopsis, summary, flags = [], examples = [] } = command;

  it('is called by its name, and explains itself with options and an example', async () => {
    expect(command.name).toBe(name);
    const { code, out } = await call(name, '--help');
    expect(code).toBe(0);
    expect(out.startsWith(`biquorum ${name} ${synopsis}\n${summary}\n`)).toBe(true);
    expect(await call(name, '-h')).toMatchObject({ code: 0, out });
    expect(summary).toMatch(/^[a-z].*[^.]$/s);
    expect(flags.length).toBeGreaterThan(0);
    expect(examples.length).toBeGreaterThan(0);
    for (const { name: flag, summary: words } of flags) {
      expect(out).toContain(`--${flag}`);
      expect(words, flag).not.toBe('');
    }
  });

  it('has examples of options that there are', () => {
    for (const example of examples) {
      const [, called, rest = ''] = CALL.exec(example) ?? [];
      expect(called, example).toBe(name);
      // Options of ZooKeeper's shell have one dash, and its commands have their own.
      if (name === 'zk') continue;
      expect(() => parseFlags(wordsOf(rest), flags), example).not.toThrow();
    }
  });

  it('gives results as JSON when it is asked to', () => {
    // A server is done when it ends; it tells what it does in its log.
    if (name !== 'server') expect(flags.map((flag) => flag.name)).toContain('json');
  });

  it('says of an option that it does not have that there is none, what to do, and ends with 2', async () => {
    // The simulator is a process of its own, which writes to the terminal itself.
    if (name === 'sim') return;
    const { code, out, err } = await call(name, '--no-such-option');
    expect([code, out]).toEqual([2, '']);
    expect(err.startsWith(`biquorum ${name}: `)).toBe(true);
    expect(err).toContain('no-such-option');
    expect(err).toContain(`biquorum ${name} --help shows how it is called.`);
  });
});

it('exit codes are 0, 1 or 2, and faults are told on the standard error', async () => {
  expect(await call('storage', 'random-uuid')).toMatchObject({ code: 0, err: '' });
  expect(await call('topics', '--bootstrap-server', '127.0.0.1:1', '--list')).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringContaining('Is the cluster up'),
  });
  expect(await call('topics', '--bootstrap-server', '127.0.0.1', '--list')).toMatchObject({
    code: 2,
    out: '',
    err: expect.stringContaining('is not host:port'),
  });
});
