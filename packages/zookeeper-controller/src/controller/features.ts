import { errorCode, type Init } from '@biquorum/kafka-wire';
import type { UpdateFeaturesRequest, UpdateFeaturesResponse } from '@biquorum/kafka-wire/messages/update-features';
import { decodeFeatures, encodeFeatures, PATHS } from '@biquorum/kafka-znodes';
import type { FeatureRange } from '@biquorum/metadata';
import type { Core } from './core.ts';
import { type Failure, NO_FAILURE } from './faults.ts';

/**
 * Makes `/feature`, or enables it where a controller that knew of no features left it disabled.
 *
 * Source: Java `KafkaController.maybeSetupFeatureVersioning`.
 */
export async function setUpFeatures({ znodes }: Pick<Core, 'znodes'>): Promise<void> {
  const found = await znodes.versioned(PATHS.feature);
  if (found === undefined) {
    await znodes.create(PATHS.feature, encodeFeatures({ enabled: true, levels: new Map() }));
    return;
  }
  const { enabled, levels } = decodeFeatures(found.data);
  if (!enabled) await znodes.replace(PATHS.feature, encodeFeatures({ enabled: true, levels }), found.version);
}

/** Finalizes feature levels (KIP-584). Source: Java `KafkaController.processFeatureUpdatesWithActiveController`. */
export async function updateFeatures(
  core: Core,
  { featureUpdates, validateOnly }: UpdateFeaturesRequest,
): Promise<Init<UpdateFeaturesResponse>> {
  const { znodes } = core;
  const found = await znodes.versioned(PATHS.feature);
  const { levels: before } = decodeFeatures(found?.data ?? null);
  const levels = new Map(before);
  const results = featureUpdates.map(({ feature, maxVersionLevel, upgradeType }) => {
    const failure = updateOne(core, before, feature, maxVersionLevel, upgradeType);
    if (failure === NO_FAILURE) {
      if (maxVersionLevel < 1) levels.delete(feature);
      else levels.set(feature, maxVersionLevel);
    }
    return { feature, errorCode: errorCode(failure.error), errorMessage: failure.message };
  });
  const isChanged = results.some((row) => row.errorCode === 0);
  if (isChanged && !validateOnly && found !== undefined) {
    await znodes.replace(PATHS.feature, encodeFeatures({ enabled: true, levels }), found.version);
  }
  return { results };
}

const UPGRADE = 1;

function updateOne(
  { host, context }: Core,
  finalized: ReadonlyMap<string, number>,
  feature: string,
  level: number,
  upgradeType: number,
): Failure {
  const invalid = (message: string): Failure => ({ error: 'INVALID_REQUEST', message });
  const supported = host.supportedFeatures.get(feature);
  if (feature === '') return invalid('Feature name can not be empty.');
  if (upgradeType < 1 || upgradeType > 3) return invalid('Received unknown upgrade type.');
  if (supported === undefined)
    return invalid('Could not apply finalized feature update because the provided feature is not supported.');
  const current = finalized.get(feature);
  if (level < 1) {
    if (upgradeType === UPGRADE) {
      return invalid(
        `Can not provide maxVersionLevel: ${level} less than 1 without setting the allowDowngrade flag to true in the request.`,
      );
    }
    return current === undefined ? invalid('Can not delete non-existing finalized feature.') : NO_FAILURE;
  }
  if (current === level) return invalid('Can not update a finalized feature to its present level.');
  if (current !== undefined && level < current && upgradeType === UPGRADE) {
    return invalid('Can not downgrade finalized feature without setting the allowDowngrade flag.');
  }
  if (current !== undefined && level > current && upgradeType !== UPGRADE) {
    return invalid(
      'When the allowDowngrade flag set in the request, the provided maxVersionLevel can not be above the finalized one.',
    );
  }
  const unable = [...context.brokers.values()].some(({ features }) => !contains(features.get(feature), level));
  if (unable || !contains(supported, level)) {
    return invalid(
      'Could not apply finalized feature update because brokers were found to have incompatible versions for the feature.',
    );
  }
  return NO_FAILURE;
}

function contains(range: FeatureRange | undefined, level: number): boolean {
  return range !== undefined && level >= range.min && level <= range.max;
}
