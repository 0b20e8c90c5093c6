import { describe, expect, it } from 'vitest';
import { UsageError } from '../src/command.ts';
import { parseFlags, wholeNumber } from '../src/flags.ts';

const FLAGS = [
  { name: 'list', summary: '' },
  { name: 'topic', value: 'NAME', summary: '' },
  { name: 'config', value: 'KEY=VALUE', multiple: true, summary: '' },
  { name: 'state', value: 'STATE', optional: true, summary: '' },
  { name: 'shift-by', value: 'N', summary: '' },
] as const;

describe('flags', () => {
  it('take their value from the next word or from behind an equals sign, which may come again in it', () => {
    const given = parseFlags(['--topic', 'a', '--config', 'k=v', '--config=x=y=z', 'rest', '--list'], FLAGS);
    expect(given.value('topic')).toBe('a');
    expect(given.values('config')).toEqual(['k=v', 'x=y=z']);
    expect(given.has('list')).toBe(true);
    expect(given.positionals).toEqual(['rest']);
    expect(given.order).toEqual(['topic', 'config', 'config', 'list']);
  });

  it('that need a value take what begins with a dash, too', () => {
    expect(parseFlags(['--shift-by', '-100'], FLAGS).whole('shift-by', -1_000)).toBe(-100);
  });

  it('may be called by one letter, which is none in the place of a value', () => {
    const flags = [
      { name: 'config', short: 'c', value: 'FILE', summary: '' },
      { name: 'quick', short: 'q', summary: '' },
    ];
    const given = parseFlags(['-q', '-c', '-q', '-x'], flags);
    expect([given.has('quick'), given.value('config'), given.positionals]).toEqual([true, '-q', ['-x']]);
    expect(() => parseFlags(['-c', 'a', '--config', 'b'], flags)).toThrow('--config is given twice.');
  });

  it('whose value may be left out do not take the next flag for it', () => {
    const given = parseFlags(['--state', '--list'], FLAGS);
    expect([given.has('state'), given.value('state'), given.has('list')]).toEqual([true, undefined, true]);
    expect(parseFlags(['--state', 'Empty'], FLAGS).value('state')).toBe('Empty');
  });

  it.each([
    [['--topics', 'a'], 'there is no option --topics; is --topic meant?'],
    [['--nothing'], 'there is no option --nothing; --help lists those there are.'],
    [['--topic'], '--topic needs its value, NAME.'],
    [['--topic', 'a', '--topic', 'b'], '--topic is given twice.'],
    [['--list=yes'], '--list takes no value.'],
  ])('refuse %j', (args, message) => {
    expect(() => parseFlags(args, FLAGS)).toThrow(new UsageError(message));
  });

  it('of which exactly one is wanted say how many were given', () => {
    expect(() => parseFlags([], FLAGS).oneOf(['list', 'topic'])).toThrow('give exactly one of --list, --topic.');
    expect(() => parseFlags(['--list', '--topic', 'a'], FLAGS).oneOf(['list', 'topic'])).toThrow('not 2');
  });

  it('with numbers name the bounds', () => {
    expect(wholeNumber('--n', '7', 1, 9)).toBe(7);
    for (const text of ['', 'x', '1.5', '0', '10', '1e1', ' 5']) {
      expect(() => wholeNumber('--n', text, 1, 9)).toThrow(`--n ${text} is no whole number from 1 to 9.`);
    }
    expect(() => wholeNumber('--n', '-1', 0)).toThrow('of at least 0');
  });
});
