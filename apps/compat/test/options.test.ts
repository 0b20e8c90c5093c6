import { describe, expect, it } from 'vitest';
import { majorVersion } from '../src/java/tools.ts';
import { parseOptions } from '../src/options.ts';
import { parseJson } from '../src/oracle/json.ts';

describe('the command line', () => {
  it('takes suites, a seed and flags', () => {
    expect(parseOptions(['--suite', 'wire', '--suite', 'records', '--seed', '5', '--full'], 1)).toEqual({
      suites: ['wire', 'records'],
      seed: 5,
      full: true,
      list: false,
      json: false,
      only: [],
      write: false,
      mode: undefined,
      ensemble: undefined,
      retries: 0,
    });
    expect(parseOptions(['--row', 'latency', '--row', 'memory', '--json'], 1)).toMatchObject({
      json: true,
      only: ['latency', 'memory'],
    });
    expect(parseOptions([], 99).seed).toBe(99);
  });

  it('refuses what it does not know', () => {
    expect(() => parseOptions(['--seed', 'x'], 1)).toThrow(/--seed must be an integer/);
    expect(() => parseOptions(['--mode', 'x'], 1)).toThrow(
      /--mode must be one of kraft, zookeeper, reference, not 'x'/,
    );
    expect(() => parseOptions(['--ensemble', 'x'], 1)).toThrow(/--ensemble must be one of apache, ours, not 'x'/);
    expect(() => parseOptions(['--retries', 'x'], 1)).toThrow(/--retries must be a whole number/);
    expect(() => parseOptions(['--sweet'], 1)).toThrow(/sweet/);
  });
});

describe('reading Java', () => {
  it('finds the major version in either style', () => {
    expect(majorVersion('openjdk version "17.0.15" 2025-04-15')).toBe(17);
    expect(majorVersion('java version "1.8.0_292"')).toBe(8);
    expect(majorVersion('javac 21')).toBe(21);
    expect(majorVersion('none')).toBeUndefined();
  });

  it('keeps all 64 bits of an integer', () => {
    expect(parseJson('[9223372036854775807,-9223372036854775808,9007199254740991,4.9E-324]')).toEqual([
      9223372036854775807n,
      -9223372036854775808n,
      Number.MAX_SAFE_INTEGER,
      Number.MIN_VALUE,
    ]);
  });
});
