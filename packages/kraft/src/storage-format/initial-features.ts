import { LATEST_METADATA_LEVEL, MINIMUM_BOOTSTRAP_LEVEL } from '../image/metadata-version.ts';
import type { FeatureLevel } from './checkpoints.ts';
import type { FormatOptions } from './format.ts';
import { FormatError } from './format-error.ts';
import { readRelease } from './releases.ts';

/** What 3.9 lets a cluster begin with besides `metadata.version`; levels from 0 to these. */
const OTHER_FEATURES: Readonly<Record<string, number>> = { 'kraft.version': 1, 'transaction.version': 0 };

/**
 * The levels that the bootstrap records set: `metadata.version` and nothing else, since in 3.9 every other feature
 * begins at 0 or is no record.
 *
 * @throws FormatError when a release or feature cannot be had
 */
export function decideFeatures({ release, features = [], quorum }: FormatOptions): readonly FeatureLevel[] {
  const level = metadataLevel(release, features);
  const dynamic = quorum.kind === 'voters' || quorum.dynamic;
  for (const feature of features) checkFeature(feature, dynamic);
  if (level < MINIMUM_BOOTSTRAP_LEVEL) {
    throw new FormatError(
      `Bootstrap metadata.version before 3.3-IV0 are not supported. Can't load metadata from format command`,
    );
  }
  return [{ name: 'metadata.version', level }];
}

function metadataLevel(release: string | undefined, features: readonly FeatureLevel[]): number {
  const asked = features.find(({ name }) => name === 'metadata.version');
  if (release !== undefined && asked !== undefined) {
    throw new FormatError('Use --release-version instead of --feature metadata.version=X to avoid ambiguity.');
  }
  if (asked !== undefined) {
    if (asked.level >= 1 && asked.level <= LATEST_METADATA_LEVEL) return asked.level;
    throw new FormatError(
      `No MetadataVersion with feature level ${asked.level}. Valid feature levels are from 1 to ${LATEST_METADATA_LEVEL}.`,
    );
  }
  if (release === undefined) return LATEST_METADATA_LEVEL;
  const reading = readRelease(release);
  switch (reading.kind) {
    case 'level':
      return reading.level;
    case 'too-old':
      throw new FormatError(`metadata.version ${reading.name} is too old to be supported.`);
    case 'unknown':
      throw new FormatError(`Version ${release} is not a valid version`);
  }
}

function checkFeature({ name, level }: FeatureLevel, dynamic: boolean): void {
  if (name === 'metadata.version') return;
  const most = OTHER_FEATURES[name];
  if (most === undefined) {
    const known = Object.keys(OTHER_FEATURES).join(', ');
    throw new FormatError(`Unsupported feature: ${name}. Supported features are: ${known}`);
  }
  if (level < 0 || level > most) throw new FormatError(`No feature:${name} with feature level ${level}`);
  if (name !== 'kraft.version') return;
  const flags = '--standalone, --initial-controllers, or --no-initial-controllers';
  if (level === 0 && dynamic) {
    throw new FormatError(
      `Cannot set kraft.version to 0 if controller.quorum.voters is empty and one of the flags ${flags} is used. For dynamic controllers support, try removing the --feature flag for kraft.version.`,
    );
  }
  if (level === 1 && !dynamic) {
    throw new FormatError(
      `Cannot set kraft.version to 1 unless controller.quorum.voters is empty and one of the flags ${flags} is used. For dynamic controllers support, try using one of ${flags} and removing controller.quorum.voters.`,
    );
  }
}
