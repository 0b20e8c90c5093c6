import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { processTerminal } from '../src/terminal.ts';

/** Tells of progress every two seconds, and prints something in between. @returns What came out of both ends. */
async function told(options: { readonly isTTY: boolean; readonly tellsProgress: boolean }) {
  let nowMs = 0;
  const stdout = new PassThrough();
  const stderr = Object.assign(new PassThrough(), { isTTY: options.isTTY });
  const terminal = processTerminal({
    tellsProgress: options.tellsProgress,
    streams: { stdout, stderr, stdin: new PassThrough() },
    nowMs: () => nowMs,
  });
  for (let step = 1; step <= 6; step++) {
    nowMs += 2_000;
    terminal.progress(`${step} of 6`);
  }
  terminal.print('a result');
  terminal.progress('');
  stdout.end();
  stderr.end();
  return { out: await text(stdout), err: await text(stderr) };
}

it('progress replaces itself on a terminal, and gives way to results', async () => {
  const { out, err } = await told({ isTTY: true, tellsProgress: true });
  expect(out).toBe('a result\n');
  expect(err.split('\r\x1b[K')).toEqual(['1 of 6', '2 of 6', '3 of 6', '4 of 6', '5 of 6', '6 of 6', '']);
});

it('progress that is piped is a line every five seconds', async () => {
  const { out, err } = await told({ isTTY: false, tellsProgress: true });
  expect(out).toBe('a result\n');
  expect(err).toBe('3 of 6\n6 of 6\n');
});

it('there is no progress beside results for programs', async () => {
  for (const isTTY of [true, false]) {
    expect(await told({ isTTY, tellsProgress: false })).toEqual({ out: 'a result\n', err: '' });
  }
});
