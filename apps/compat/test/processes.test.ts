import { mkdtempDisposableSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { freePorts, LOOPBACK } from '../src/apache/ports.ts';
import { formatProperties } from '../src/apache/properties.ts';
import { ServerProcess } from '../src/apache/server-process.ts';
import { waitForFile } from '../src/apache/wait-for-file.ts';
import { findSuites } from '../src/find-suites.ts';
import { runProgram } from '../src/java/run-program.ts';

const NODE = process.execPath;

describe('running a program', () => {
  it('feeds its input and returns its output', async () => {
    const echo = 'process.stdin.pipe(process.stdout)';
    const input = Array.from({ length: 5000 }, (_, i) => `line ${i} ${'x'.repeat(100)}\n`);
    const { stdout } = await runProgram({ command: NODE, args: ['-e', echo], input });
    expect(stdout).toBe(input.join(''));
  });

  it('says what failed and why', async () => {
    const args = ['-e', 'console.error("no such table"); process.exit(3)'];
    await expect(runProgram({ command: NODE, args })).rejects.toThrow(/status 3:\nno such table/);
    expect((await runProgram({ command: NODE, args, tolerant: true })).status).toBe(3);
  });

  it('survives a program that does not read its input', async () => {
    const input = Array.from({ length: 2000 }, () => 'x'.repeat(1000));
    await expect(runProgram({ command: NODE, args: ['-e', 'process.exit(4)'], input })).rejects.toThrow(/status 4/);
  });

  it('says so when there is no such program', async () => {
    await expect(runProgram({ command: 'no-such-program', args: [] })).rejects.toThrow(/no-such-program/);
  });
});

describe('a server process', () => {
  const start = (script: string, directory: string, readyTimeoutMs = 10_000) =>
    ServerProcess.start({
      command: NODE,
      args: ['-e', script],
      cwd: directory,
      logFile: join(directory, 'out.log'),
      readyLine: /^ready$/,
      readyTimeoutMs,
    });

  it('is there once it says so, stops when asked and is gone when killed', async () => {
    using directory = mkdtempDisposableSync(join(tmpdir(), 'compat-test-'));
    const script =
      'console.log("starting\\nready"); process.on("SIGTERM", () => process.exit(0)); setInterval(() => {}, 1000)';
    const stopped = await start(script, directory.path);
    expect(stopped.isRunning).toBe(true);
    expect(stopped.lastLines(1)).toBe('ready');
    await stopped.stop();
    expect(stopped.isRunning).toBe(false);
    const killed = await start(script, directory.path);
    await killed.kill();
    expect(killed.isRunning).toBe(false);
  });

  it('fails with its last words when it ends too early, or is never ready', async () => {
    using directory = mkdtempDisposableSync(join(tmpdir(), 'compat-test-'));
    await expect(start('console.log("port in use"); process.exit(1)', directory.path)).rejects.toThrow(/port in use/);
    await expect(start('setInterval(() => {}, 1000)', directory.path, 200)).rejects.toThrow(/not ready after 200 ms/);
  });
});

describe('waiting for a file', () => {
  it('sees what is there and what comes', async () => {
    using directory = mkdtempDisposableSync(join(tmpdir(), 'compat-test-'));
    const path = join(directory.path, 'checkpoint');
    const waiting = waitForFile(directory.path, 'checkpoint', (text) => text.includes('done'), 10_000);
    writeFileSync(path, 'not yet');
    writeFileSync(path, 'done');
    expect(await waiting).toBe('done');
    expect(await waitForFile(directory.path, 'checkpoint', () => true, 10_000)).toBe('done');
  });

  it('gives up with what the file holds', async () => {
    using directory = mkdtempDisposableSync(join(tmpdir(), 'compat-test-'));
    writeFileSync(join(directory.path, 'checkpoint'), 'half');
    await expect(waitForFile(directory.path, 'checkpoint', () => false, 50)).rejects.toThrow(/half/);
  });
});

describe('helpers of servers', () => {
  it('free ports are different, and nobody listens there', async () => {
    const ports = await freePorts(5);
    expect(new Set(ports).size).toBe(5);
    const refused = await new Promise((resolve) => {
      connect({ host: LOOPBACK, port: ports[0] as number })
        .on('error', () => resolve(true))
        .on('connect', () => resolve(false));
    });
    expect(refused).toBe(true);
  });

  it('properties are written as Java reads them', () => {
    expect(formatProperties({ 'log.dirs': 'C:\\logs', 'node.id': 1, flag: true })).toBe(
      'log.dirs=C:\\\\logs\nnode.id=1\nflag=true\n',
    );
    expect(() => formatProperties({ a: 'b\nc=d' })).toThrow(/line break/);
  });
});

it('suites are found by being there', async () => {
  const names = (await findSuites()).map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['definitions', 'log-files', 'records', 'wire']));
});
