import { errorCode, type Init } from '@biquorum/kafka-wire';
import type { UpdateFeaturesRequest, UpdateFeaturesResponse } from '@biquorum/kafka-wire/messages/update-features';
import type { MetadataRecord } from '@biquorum/kafka-wire/metadata-records';
import type { FeatureRange } from '@biquorum/metadata';
import {
  METADATA_VERSION,
  METADATA_VERSIONS,
  MINIMUM_BOOTSTRAP_LEVEL,
  metadataVersionOf,
  since,
} from '../image/metadata-version.ts';
import { type Failure, failure, NO_FAILURE } from './fault.ts';
import type { Decision, Situation } from './situation.ts';

/** Who must be able to run at a level before it is finalized. */
export interface FeaturePolicy {
  readonly nodeId: number;
  readonly supported: ReadonlyMap<string, FeatureRange>;
  readonly quorumNodeIds: readonly number[];
}

/**
 * Finalizes feature levels (KIP-584, KIP-778). A level of `metadata.version` is left downwards only when no record
 * changed in between.
 *
 * Source: Java `FeatureControlManager.updateFeatures`.
 */
export function updateFeatures(
  situation: Situation,
  { featureUpdates, validateOnly }: UpdateFeaturesRequest,
  policy: FeaturePolicy,
): Decision<Init<UpdateFeaturesResponse>> {
  const records: MetadataRecord[] = [];
  // The last of several updates of one feature counts; they are answered in the order of their names.
  const byName = new Map(featureUpdates.map((update) => [update.feature, update]));
  const results = [...byName.values()]
    .sort((a, b) => (a.feature < b.feature ? -1 : 1))
    .map(({ feature, maxVersionLevel, upgradeType }) => {
      const { error, message } = updateFeature(situation, feature, maxVersionLevel, upgradeType, policy);
      if (error === 'NONE') {
        const record = { name: feature, featureLevel: maxVersionLevel };
        records.push({ type: 'FeatureLevelRecord', version: 0, record });
      }
      return { feature, errorCode: errorCode(error), errorMessage: message };
    });
  return { records: validateOnly ? [] : records, reply: { results }, atomic: true };
}

// Kinds of update in a request; 3, an unsafe downgrade, is refused where it would lose anything.
const UPGRADE = 1;
const SAFE_DOWNGRADE = 2;
const UNSAFE_DOWNGRADE = 3;

function updateFeature(
  situation: Situation,
  feature: string,
  level: number,
  upgradeType: number,
  policy: FeaturePolicy,
): Failure {
  const refuse = (reason: string): Failure =>
    failure('INVALID_UPDATE_VERSION', `Invalid update version ${level} for feature ${feature}. ${reason}`);
  if (upgradeType !== UPGRADE && upgradeType !== SAFE_DOWNGRADE && upgradeType !== UNSAFE_DOWNGRADE) {
    return refuse('The controller does not support the given upgrade type.');
  }
  const isMetadata = feature === METADATA_VERSION;
  const current = isMetadata ? situation.level : (situation.view.features.levels.get(feature) ?? 0);
  if (level < 0) return refuse('A feature version cannot be less than 0.');
  const reason = unsupportedReason(situation, feature, level, policy);
  if (reason !== null) return refuse(reason);
  if (level < current && upgradeType === UPGRADE) {
    return refuse(
      "Can't downgrade the version of this feature without setting the upgrade type to either safe or unsafe downgrade.",
    );
  }
  if (level > current && upgradeType !== UPGRADE) return refuse("Can't downgrade to a newer version.");
  return isMetadata ? updateMetadataVersion(situation, level, upgradeType === UNSAFE_DOWNGRADE) : NO_FAILURE;
}

function updateMetadataVersion({ level: current, image }: Situation, level: number, unsafe: boolean): Failure {
  const refuse = (reason: string): Failure =>
    failure('INVALID_UPDATE_VERSION', `Invalid metadata.version ${level}. ${reason}`);
  if (metadataVersionOf(level) === undefined) return refuse('Unknown metadata.version.');
  if (image.zkMigrationState === MIGRATION || image.zkMigrationState === PRE_MIGRATION) {
    return refuse('Unable to modify metadata.version while a ZK migration is in progress.');
  }
  if (level < MINIMUM_BOOTSTRAP_LEVEL) {
    const { name } = metadataVersionOf(MINIMUM_BOOTSTRAP_LEVEL) as { readonly name: string };
    return refuse(`Unable to set a metadata.version less than ${name}`);
  }
  const losesRecords = METADATA_VERSIONS.some(
    (version) => version.level > level && version.level <= current && version.changesRecords,
  );
  if (!losesRecords) return NO_FAILURE;
  return refuse(
    unsafe
      ? 'Unsafe metadata downgrade is not supported in this version.'
      : 'Refusing to perform the requested downgrade because it might delete metadata information.',
  );
}

const MIGRATION = 1;
const PRE_MIGRATION = 2;

function unsupportedReason(
  { image, level: metadataLevel }: Situation,
  feature: string,
  level: number,
  { nodeId, supported, quorumNodeIds }: FeaturePolicy,
): string | null {
  const here = outsideOf(level, `Local controller ${nodeId}`, supported.get(feature));
  if (here !== null) return here;
  for (const broker of image.brokers.values()) {
    const reason = outsideOf(level, `Broker ${broker.id}`, broker.features.get(feature));
    if (reason !== null) return reason;
  }
  if (metadataLevel < since.controllerRegistration) return null;
  for (const controller of image.controllers.values()) {
    if (controller.id === nodeId) continue;
    const reason = outsideOf(level, `Controller ${controller.id}`, controller.features.get(feature));
    if (reason !== null) return reason;
  }
  const missing = quorumNodeIds.find((id) => id !== nodeId && !image.controllers.has(id));
  return missing === undefined ? null : `controller ${missing} has not registered, and may not support this feature`;
}

function outsideOf(level: number, who: string, range: FeatureRange = { min: 0, max: 0 }): string | null {
  if (level >= range.min && level <= range.max) return null;
  if (range.max === 0) return `${who} does not support this feature.`;
  const versions = range.min === range.max ? `${range.min}` : `${range.min}-${range.max}`;
  return `${who} only supports versions ${versions}`;
}
