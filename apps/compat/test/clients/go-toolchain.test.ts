import { expect, test } from 'vitest';
import { isOlder } from '../../src/clients/agents/franz-go/toolchain.ts';

test.each([
  ['1.19.8', '1.26.8', true],
  ['1.9', '1.26.8', true],
  ['1.26', '1.26.8', true],
  ['1.26.8', '1.26.8', false],
  ['1.26.10', '1.26.8', false],
  ['1.27rc1', '1.26.8', false],
  ['2.0', '1.26.8', false],
])('Go %s is older than %s: %s', (version, than, older) => {
  expect(isOlder(version, than)).toBe(older);
});
