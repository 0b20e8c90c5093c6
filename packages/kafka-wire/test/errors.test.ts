import { readFileSync } from 'node:fs';
import { ERRORS, errorByCode, errorByName, errorCode, errorName } from '@biquorum/kafka-wire';
import { describe, expect, test } from 'vitest';

const java = readFileSync(new URL('java-errors.tsv', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .slice(1);

describe('the error table', () => {
  test('has the codes, names and kinds of error that Java has', () => {
    const ours = ERRORS.map(({ code, name, retriable, invalidMetadata }) =>
      [code, name, retriable, invalidMetadata].join('\t'),
    );
    expect(ours).toEqual(java);
  });

  test('finds every error by code and by name', () => {
    for (const entry of ERRORS) {
      expect(errorByCode(entry.code)).toBe(entry);
      expect(errorByName(entry.name)).toBe(entry);
      expect(errorCode(entry.name)).toBe(entry.code);
      expect(errorName(entry.code)).toBe(entry.name);
    }
  });

  test('knows nothing beyond the table', () => {
    expect([errorByCode(-2), errorByCode(128), errorByCode(0.5), errorByName('toString')]).toEqual(
      Array(4).fill(undefined),
    );
    expect(errorName(128)).toBe('UNKNOWN(128)');
  });

  test('says of each error one sentence of its own', () => {
    expect(new Set(ERRORS.map(({ message }) => message)).size).toBe(ERRORS.length);
    for (const { message } of ERRORS) expect(message).toMatch(/^[A-Z].*\.$/);
  });
});
