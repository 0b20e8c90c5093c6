import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const file = fileURLToPath(new URL('../src/start.ts', import.meta.url));
const start = (...args: readonly string[]) =>
  spawnSync(process.execPath, ['--conditions=@biquorum/source', file, ...args], {
    encoding: 'utf8',
    timeout: 120_000,
  });

describe('what a newcomer starts', () => {
  it.each([
    [['--anything'], 'start: there is no option --anything; --help lists those there are.'],
    [['kraft'], 'start: "kraft" is no option.'],
    [['--', '--kraft-port', '9092', '--zookeeper-port', '9093'], 'start: --zookeeper-port 9093 and --kraft-port 9092'],
  ])('says of %j what is wrong with it, and which options there are', (args, complaint) => {
    const { status, stdout, stderr } = start(...args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(complaint);
    expect(stderr).toContain('up --mode both --help');
  });

  it('says where its options are explained', () => {
    expect(start('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('up --mode both --help') });
  });
});
