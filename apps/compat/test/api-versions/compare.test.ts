import type { ApiVersionsResponse } from '@biquorum/kafka-wire/messages/api-versions';
import { describe, expect, test } from 'vitest';
import { compareAnnouncements, plantInAnnouncement, unexplained, untrueRows } from '../../src/api-versions/compare.ts';
import { readKnownDifferences } from '../../src/api-versions/known-differences.ts';

const PAGE = `
Not in a row: API (99) is not announced.

| where    | what differs                                                                      | until |
| -------- | --------------------------------------------------------------------------------- | ----- |
| protocol | Some, Others (4–6), One (34) and Two (71, 72; only with a plugin) are not announced (8 is) | a (2) |
| protocol | Three (40) is announced, and all the same (41)                                    | a (3) |
`;

const JAVA: ApiVersionsResponse = {
  errorCode: 0,
  apiKeys: [
    { apiKey: 0, minVersion: 0, maxVersion: 11 },
    { apiKey: 5, minVersion: 0, maxVersion: 1 },
    { apiKey: 18, minVersion: 0, maxVersion: 4 },
  ],
  throttleTimeMs: 0,
  supportedFeatures: [
    { name: 'kraft.version', minVersion: 0, maxVersion: 1 },
    { name: 'metadata.version', minVersion: 1, maxVersion: 21 },
  ],
  finalizedFeaturesEpoch: 8,
  finalizedFeatures: [{ name: 'metadata.version', maxVersionLevel: 21, minVersionLevel: 21 }],
  zkMigrationReady: false,
};
const OURS: ApiVersionsResponse = {
  ...JAVA,
  apiKeys: JAVA.apiKeys.filter(({ apiKey }) => apiKey !== 5),
  finalizedFeaturesEpoch: 0,
};
const NOTHING_KNOWN = readKnownDifferences('');

describe('the page of known differences', () => {
  test('tells the keys that are not announced: lists, ranges, with remarks', () => {
    const { notAnnounced } = readKnownDifferences(PAGE);
    expect([...notAnnounced]).toEqual([4, 5, 6, 34, 71, 72].map((key) => [key, 1]));
  });

  test('tells those of controllers apart', () => {
    const known = readKnownDifferences(`${PAGE}| controllers | Five (32) and Six (50, 51) are not announced | a |\n`);
    expect([...known.notAnnounced.keys()]).toEqual([4, 5, 6, 34, 71, 72]);
    expect([...known.notAnnouncedByControllers.keys()]).toEqual([32, 50, 51]);
  });

  test('as it is in the tree, has such rows', () => {
    expect(readKnownDifferences().notAnnounced.size).toBeGreaterThan(0);
  });
});

describe('two announcements', () => {
  test('that are alike do not differ', () => {
    expect(compareAnnouncements(JAVA, JAVA)).toEqual([]);
  });

  test('differ in what we lack, which rows may explain', () => {
    const differences = compareAnnouncements(OURS, JAVA);
    expect(differences).toEqual([{ kind: 'api missing', key: 5 }]);
    expect(unexplained(differences, readKnownDifferences(PAGE))).toEqual([]);
    expect(unexplained(differences, NOTHING_KNOWN)).toEqual(['we do not announce API 5']);
  });

  test.each([...plantInAnnouncement(OURS)])('differ by a planted %s, whatever rows say', (_, planted) => {
    expect(unexplained(compareAnnouncements(planted, JAVA), readKnownDifferences(PAGE))).not.toEqual([]);
  });

  test('differ by an API or a feature that we have alone, and by a feature that we lack', () => {
    const apiKeys = [...JAVA.apiKeys, { apiKey: 34, minVersion: 0, maxVersion: 0 }];
    const supportedFeatures = [...JAVA.supportedFeatures, { name: 'other.version', minVersion: 0, maxVersion: 1 }];
    const fewer = JAVA.supportedFeatures.slice(1);
    for (const ours of [
      { ...JAVA, apiKeys },
      { ...JAVA, supportedFeatures },
      { ...JAVA, supportedFeatures: fewer },
    ])
      expect(unexplained(compareAnnouncements(ours, JAVA), readKnownDifferences(PAGE))).toHaveLength(1);
  });
});

describe('a row is untrue', () => {
  test('when what it calls not announced is announced', () => {
    expect(untrueRows(readKnownDifferences(PAGE), OURS)).toEqual([]);
    expect(untrueRows(readKnownDifferences(PAGE), JAVA)).toEqual(['a row says that API 5 is not announced, but it is']);
  });

  test('when another says the same', () => {
    const twice = `${PAGE}| protocol | Others (6) are not announced | a |\n`;
    expect(untrueRows(readKnownDifferences(twice), OURS)).toEqual([
      '2 rows say that API 6 is not announced, one would do',
    ]);
  });
});
