import type { MetadataRecord } from '@biquorum/kafka-wire/metadata-records';
import type { BrokerRegistration } from '../image/registrations.ts';

/** A BrokerRegistrationChangeRecord; what is left out stays as it is. */
export function registrationChange(
  broker: BrokerRegistration,
  change: {
    /** 1 fences, −1 unfences. */
    readonly fenced?: 1 | -1;
    readonly inControlledShutdown?: 1;
    readonly logDirs?: BrokerRegistration['directories'];
  },
  version: number,
): MetadataRecord {
  return {
    type: 'BrokerRegistrationChangeRecord',
    version,
    record: {
      brokerId: broker.id,
      brokerEpoch: broker.epoch,
      fenced: change.fenced ?? 0,
      inControlledShutdown: change.inControlledShutdown ?? 0,
      logDirs: change.logDirs ?? [],
    },
  };
}
