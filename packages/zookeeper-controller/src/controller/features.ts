import { decodeFeatures, encodeFeatures, PATHS } from '@biquorum/kafka-znodes';
import type { Core } from './core.ts';

/**
 * Makes `/feature`, or enables it where a controller that knew of no features left it disabled.
 *
 * Source: Java `KafkaController.maybeSetupFeatureVersioning`.
 */
export async function setUpFeatures({ znodes }: Core): Promise<void> {
  const found = await znodes.versioned(PATHS.feature);
  if (found === undefined) {
    await znodes.create(PATHS.feature, encodeFeatures({ enabled: true, levels: new Map() }));
    return;
  }
  const { enabled, levels } = decodeFeatures(found.data);
  if (!enabled) await znodes.replace(PATHS.feature, encodeFeatures({ enabled: true, levels }), found.version);
}
