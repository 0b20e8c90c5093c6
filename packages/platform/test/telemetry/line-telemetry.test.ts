import { DiskError, type Fields, LineTelemetry, type LineTelemetryOptions, type LogLevel } from '@biquorum/platform';
import { describe, expect, it } from 'vitest';

const AT_MS = Date.UTC(2025, 0, 31, 12, 30, 15, 42);

function collect(options: Partial<LineTelemetryOptions> = {}): { telemetry: LineTelemetry; lines: string[] } {
  const lines: string[] = [];
  const telemetry = new LineTelemetry({ wallMs: () => AT_MS, write: (line) => lines.push(line), ...options });
  return { telemetry, lines };
}

function lineOf(format: 'json' | 'human', fields: Fields): string {
  const { telemetry, lines } = collect({ format });
  telemetry.log('warn', 'segment rolled', fields);
  return lines[0] as string;
}

describe('telemetry in lines', () => {
  it('writes an event as one object of JSON', () => {
    expect(lineOf('json', { topic: 'a b', baseOffset: 42, last: true, reason: null, skipped: undefined })).toBe(
      '{"time":"2025-01-31T12:30:15.042Z","level":"warn","event":"segment rolled","topic":"a b","baseOffset":42,"last":true,"reason":null}',
    );
  });

  it('writes an event for people to read', () => {
    expect(lineOf('human', { topic: 'a b', name: 'plain', empty: '', baseOffset: 42, nothing: undefined })).toBe(
      '12:30:15.042 warn  segment rolled topic="a b" name=plain empty="" baseOffset=42',
    );
  });

  it('stays on one line, whatever the fields say', () => {
    for (const format of ['json', 'human'] as const) {
      expect(lineOf(format, { text: 'two\nlines', error: new Error('two\nlines') })).not.toContain('\n');
    }
  });

  it('writes what JSON cannot hold', () => {
    const fields = {
      big: 2n ** 63n,
      list: [1n, undefined, { inner: 2n }],
      nested: { deep: { error: new Error('e') } },
    };
    expect(JSON.parse(lineOf('json', fields))).toMatchObject({
      big: '9223372036854775808',
      list: ['1', null, { inner: '2' }],
      nested: { deep: { error: { name: 'Error', message: 'e' } } },
    });
    expect(lineOf('human', { big: 7n, list: [1n, 'x'] })).toContain('big=7 list=["1","x"]');
  });

  it('writes an error with its code, its facts in words, and its causes', () => {
    const cause = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
    const error = new DiskError('no-space', { operation: 'write', path: '/data/0.log', cause });
    expect(JSON.parse(lineOf('json', { error }))).toMatchObject({
      error: {
        name: 'DiskError',
        code: 'no-space',
        message: 'write /data/0.log: no space left; free some, or raise the quota',
        stack: expect.stringContaining('line-telemetry.test'),
        cause: { code: 'ENOSPC' },
      },
    });
    expect(lineOf('human', { error })).toBe(
      '12:30:15.042 warn  segment rolled error="DiskError: write /data/0.log: no space left; free some, or raise the quota; caused by Error: ENOSPC: no space left on device"',
    );
  });

  it('follows a ring of causes only so far', () => {
    const error = new Error('round');
    error.cause = error;
    for (const format of ['json', 'human'] as const) expect(lineOf(format, { error }).length).toBeLessThan(20_000);
  });

  it('keeps its own names from being hidden by fields', () => {
    expect(JSON.parse(lineOf('json', { level: 3, time: 1 }))).toMatchObject({ level: 'warn', level_: 3, time_: 1 });
  });

  it('writes from its level on, and asks for fields only then', () => {
    const levels: LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error'];
    for (const [threshold, level] of levels.entries()) {
      const { telemetry, lines } = collect({ level });
      let asked = 0;
      for (const each of levels) {
        telemetry.log(each, 'told', () => {
          asked++;
          return {};
        });
      }
      expect(lines).toHaveLength(levels.length - threshold);
      expect(asked).toBe(levels.length - threshold);
      expect(levels.filter((each) => telemetry.enabled(each))).toEqual(levels.slice(threshold));
    }
  });

  it('binds fields to children, the nearest winning', () => {
    const { telemetry, lines } = collect({ format: 'human' });
    telemetry.child({ node: 1, partition: 2 }).child({ partition: 3 }).log('info', 'told', { extra: 4 });
    expect(lines).toEqual(['12:30:15.042 info  told node=1 partition=3 extra=4']);
  });

  it('keeps the metrics of parent and children together', () => {
    const { telemetry } = collect();
    telemetry.counter('requests', { api: 'Fetch' }).add();
    telemetry.child({ node: 1 }).counter('requests', { api: 'Fetch' }).add(2);
    expect(telemetry.metrics.read()).toEqual([
      { kind: 'counter', name: 'requests', labels: { api: 'Fetch' }, value: 3 },
    ]);
  });
});
