import type { FeatureLevels, FeatureRange } from '@biquorum/metadata';

/** The versions of one API that somebody serves, both ends included. */
export interface ApiRange {
  readonly apiKey: number;
  readonly min: number;
  readonly max: number;
}

/** What a listener tells clients, and who serves what. */
export interface ApiAnnouncement {
  /** Everything that ApiVersions lists, in ascending order of keys. A request outside it is refused. */
  readonly apis: readonly ApiRange[];
  /** The keys among them that go to the plane's `handle` instead of the broker's core. */
  readonly planeKeys: ReadonlySet<number>;
  readonly supportedFeatures: ReadonlyMap<string, FeatureRange>;
  readonly finalizedFeatures: FeatureLevels;
}
