import { spawnSync } from 'node:child_process';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { calledAs, typeable, typeableExample } from '../src/called-as.ts';
import { processTerminal } from '../src/terminal.ts';

// As pnpm 12.21 and npm 11 set them for a script.
const PNPM = { npm_config_user_agent: 'pnpm/12.21.0 npm/? node/? linux x64', npm_execpath: '/usr/bin/pnpm' };
const FETCHED = { ...PNPM, npm_execpath: '/home/me/.npm/_npx/0390bb19e1c6af29/node_modules/pnpm/pnpm' };
const NPM = { npm_config_user_agent: 'npm/11.19.1 node/v24.1.0 linux x64 workspaces/false' };
const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

describe('how biquorum is called', () => {
  it.each([
    [{ ...FETCHED, npm_lifecycle_event: 'biquorum' }, 'npx -y pnpm@12.21.0 biquorum'],
    [{ ...FETCHED, npm_lifecycle_event: 'start' }, 'npx -y pnpm@12.21.0 biquorum'],
    [{ ...PNPM, npm_lifecycle_event: 'start' }, 'pnpm biquorum'],
    [{ ...NPM, npm_lifecycle_event: 'biquorum' }, 'npm run biquorum --'],
    [{ ...FETCHED, npm_lifecycle_event: 'test' }, 'biquorum'],
    [{}, 'biquorum'],
  ])('by %j is %s', (environment, tool) => {
    expect(calledAs(environment)).toBe(tool);
  });

  it('is what quoted commands of messages begin with, and nothing else is', () => {
    const message = 'biquorum topics: no biquorum group; "biquorum topics --list" or `biquorum up`, "biquorum"';
    expect(typeable(message, 'pnpm biquorum')).toBe(
      'biquorum topics: no biquorum group; "pnpm biquorum topics --list" or `pnpm biquorum up`, "biquorum"',
    );
    expect(typeableExample('echo biquorum | biquorum console-producer', 'pnpm biquorum')).toBe(
      'echo biquorum | pnpm biquorum console-producer',
    );
  });

  it('is what complaints on the console say', async () => {
    const [stdout, stderr, stdin] = [new PassThrough(), new PassThrough(), new PassThrough()];
    const terminal = processTerminal({ streams: { stdout, stderr, stdin }, tool: 'pnpm biquorum' });
    terminal.complain('biquorum topics: nobody answers. "biquorum up" starts one.');
    stderr.end();
    expect(await text(stderr)).toBe('biquorum topics: nobody answers. "pnpm biquorum up" starts one.\n');
  });

  it('is what the help shows', () => {
    const env = { ...process.env, ...FETCHED, npm_lifecycle_event: 'biquorum' };
    const biquorum = (...args: readonly string[]) =>
      spawnSync(process.execPath, ['--conditions=@biquorum/source', main, ...args], { encoding: 'utf8', env });
    const { stdout } = biquorum('topics', '--help');
    expect(stdout.split('\n')[0]).toMatch(/^npx -y pnpm@12\.21\.0 biquorum topics /);
    expect(stdout).toContain('\n  npx -y pnpm@12.21.0 biquorum topics --bootstrap-server');
    expect(biquorum('topics', '--nothing').stderr).toBe(
      'biquorum topics: there is no option --nothing; --help lists those there are.\nnpx -y pnpm@12.21.0 biquorum topics --help shows how it is called.\n',
    );
  }, 60_000);
});
