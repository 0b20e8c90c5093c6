import type { MetadataRecord } from '@biquorum/kafka-wire/metadata-records';
import { ControllerFault } from './fault.ts';
import type { Situation } from './situation.ts';

/** What a client asks for is more than one batch holds; Apache does not split it. */
export class BatchTooLarge extends ControllerFault {
  constructor() {
    super('POLICY_VIOLATION', 'Unable to perform excessively large batch operation.');
  }
}

/** Appends to the records of a batch that a client asked for. @throws BatchTooLarge; then nothing was appended */
export function push(
  records: MetadataRecord[],
  more: readonly MetadataRecord[],
  { settings }: Pick<Situation, 'settings'>,
): void {
  if (records.length + more.length > settings.recordsPerBatchMax) throw new BatchTooLarge();
  for (const record of more) records.push(record);
}
