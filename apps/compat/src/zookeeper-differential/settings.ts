import type { Properties } from '../apache/properties.ts';
import { SUPER_DIGEST } from './steps.ts';

/** What servers under comparison are told, of either make. */
export const SETTINGS: Properties = {
  extendedTypesEnabled: true,
  'DigestAuthenticationProvider.superDigest': SUPER_DIGEST,
  forceSync: 'no',
  globalOutstandingLimit: 1_000,
};

/** The servers' own business: containers are not cleaned up while they are compared. */
export const SYSTEM: readonly string[] = ['znode.container.checkIntervalMs=1000000000'];
