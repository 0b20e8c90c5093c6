import type { ApiVersionsResponse } from '@biquorum/kafka-wire/messages/api-versions';
import type { KnownDifferences } from './known-differences.ts';

/** A way in which what we announce differs from what Java announces. */
export type Difference =
  | { readonly kind: 'api missing'; readonly key: number }
  /** One for which there are no rows. */
  | { readonly kind: 'other'; readonly text: string };

/** Every way in which two answers to ApiVersions differ, but for the epoch of features, which grows as a broker works. */
export function compareAnnouncements(ours: ApiVersionsResponse, javas: ApiVersionsResponse): readonly Difference[] {
  const found: Difference[] = [];
  const other = (what: string, mine: unknown, theirs: unknown): void => {
    const [left, right] = [JSON.stringify(mine), JSON.stringify(theirs)];
    if (left !== right) found.push({ kind: 'other', text: `${what}: ${left}, Java: ${right}` });
  };

  const apis = new Map(ours.apiKeys.map((api) => [api.apiKey, api]));
  for (const { apiKey } of javas.apiKeys) if (!apis.has(apiKey)) found.push({ kind: 'api missing', key: apiKey });
  // What both have is compared in its order, and what we have alone stands out in it.
  other(
    'APIs',
    ours.apiKeys,
    javas.apiKeys.filter(({ apiKey }) => apis.has(apiKey)),
  );

  other('supported features', byName(ours.supportedFeatures), byName(javas.supportedFeatures));
  other('finalized features', byName(ours.finalizedFeatures), byName(javas.finalizedFeatures));
  other('whether there is an epoch of features', hasEpoch(ours), hasEpoch(javas));
  for (const field of ['errorCode', 'throttleTimeMs', 'zkMigrationReady'] as const)
    other(field, ours[field], javas[field]);
  return found;
}

/** The differences for which there is no row. */
export function unexplained(differences: readonly Difference[], known: KnownDifferences): readonly string[] {
  return differences.filter((difference) => !isExplained(difference, known)).map(textOf);
}

/** What rows say of APIs, and what is not so. */
export function untrueRows(known: KnownDifferences, ours: ApiVersionsResponse): readonly string[] {
  const found: string[] = [];
  const announced = new Set(ours.apiKeys.map(({ apiKey }) => apiKey));
  for (const [key, rows] of known.notAnnounced) {
    if (announced.has(key)) found.push(`a row says that API ${key} is not announced, but it is`);
    if (rows > 1) found.push(`${rows} rows say that API ${key} is not announced, one would do`);
  }
  return found;
}

/** Every way to change one thing in an answer, with a name for the change: what a comparison must not miss. */
export function* plantInAnnouncement(
  answer: ApiVersionsResponse,
): Generator<readonly [change: string, answer: ApiVersionsResponse]> {
  const { apiKeys, supportedFeatures, finalizedFeatures } = answer;
  for (const [at, api] of apiKeys.entries()) {
    const changed = (other: typeof api): ApiVersionsResponse => ({ ...answer, apiKeys: apiKeys.with(at, other) });
    yield [`minimum of API ${api.apiKey}`, changed({ ...api, minVersion: api.minVersion + 1 })];
    yield [`maximum of API ${api.apiKey}`, changed({ ...api, maxVersion: api.maxVersion - 1 })];
    yield [`key of API ${api.apiKey}`, changed({ ...api, apiKey: 1000 })];
    yield [`API ${api.apiKey} left out`, { ...answer, apiKeys: apiKeys.toSpliced(at, 1) }];
  }
  yield ['another order of APIs', { ...answer, apiKeys: apiKeys.toReversed() }];
  for (const [at, feature] of supportedFeatures.entries()) {
    const other = { ...feature, maxVersion: feature.maxVersion + 1 };
    yield [`range of ${feature.name}`, { ...answer, supportedFeatures: supportedFeatures.with(at, other) }];
  }
  for (const [at, feature] of finalizedFeatures.entries()) {
    const other = { ...feature, maxVersionLevel: feature.maxVersionLevel - 1 };
    yield [`level of ${feature.name}`, { ...answer, finalizedFeatures: finalizedFeatures.with(at, other) }];
  }
  yield ['error', { ...answer, errorCode: answer.errorCode + 1 }];
  yield ['throttle time', { ...answer, throttleTimeMs: answer.throttleTimeMs + 1 }];
  yield ['readiness to migrate', { ...answer, zkMigrationReady: !answer.zkMigrationReady }];
  yield ['epoch of features', { ...answer, finalizedFeaturesEpoch: hasEpoch(answer) ? -1 : 0 }];
}

function isExplained(difference: Difference, known: KnownDifferences): boolean {
  switch (difference.kind) {
    case 'api missing':
      return known.notAnnounced.has(difference.key);
    case 'other':
      return false;
  }
}

function textOf(difference: Difference): string {
  switch (difference.kind) {
    case 'api missing':
      return `we do not announce API ${difference.key}`;
    case 'other':
      return difference.text;
  }
}

function byName<Feature extends { readonly name: string }>(features: readonly Feature[]): readonly Feature[] {
  return features.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function hasEpoch({ finalizedFeaturesEpoch }: ApiVersionsResponse): boolean {
  return finalizedFeaturesEpoch >= 0;
}
