import { errorCode, type Init } from '@biquorum/kafka-wire';
import type {
  AlterClientQuotasRequest,
  AlterClientQuotasRequestEntryData,
  AlterClientQuotasResponse,
  AlterClientQuotasResponseEntryData,
} from '@biquorum/kafka-wire/messages/alter-client-quotas';
import type { MetadataRecord } from '@biquorum/kafka-wire/metadata-records';
import { quotaKey } from '../image/image.ts';
import { BatchTooLarge, push } from './batch.ts';
import { ControllerFault, type Failure, failure, failureOf, NO_FAILURE } from './fault.ts';
import type { Decision, Situation } from './situation.ts';

/** Sets and removes the limits of users, clients and addresses (KIP-546). Source: Java `ClientQuotaControlManager`. */
export function alterClientQuotas(
  situation: Situation,
  { entries, validateOnly }: AlterClientQuotasRequest,
): Decision<Init<AlterClientQuotasResponse>> {
  const records: MetadataRecord[] = [];
  const rows = new Map<string, Init<AlterClientQuotasResponseEntryData>>();
  for (const entry of entries) {
    const key = quotaKey(entry.entity);
    rows.set(
      key,
      rowOf(
        entry,
        rows.has(key) ? failure('INVALID_REQUEST', 'Ignoring duplicate entity') : alter(situation, key, entry, records),
      ),
    );
  }
  return { records: validateOnly ? [] : records, reply: { entries: [...rows.values()] }, atomic: true };
}

/** A row for an entry, with how it ended. */
export function rowOf(
  { entity }: AlterClientQuotasRequestEntryData,
  { error, message }: Failure,
): Init<AlterClientQuotasResponseEntryData> {
  return { errorCode: errorCode(error), errorMessage: message, entity };
}

type Kind = 'int' | 'long' | 'double';

const ADDRESS_KEYS: ReadonlyMap<string, Kind> = new Map([['connection_creation_rate', 'int']]);
const CLIENT_KEYS: ReadonlyMap<string, Kind> = new Map([
  ['producer_byte_rate', 'long'],
  ['consumer_byte_rate', 'long'],
  ['request_percentage', 'double'],
  ['controller_mutation_rate', 'double'],
]);

function alter(
  situation: Situation,
  key: string,
  { entity, ops }: AlterClientQuotasRequestEntryData,
  records: MetadataRecord[],
): Failure {
  try {
    const kinds = kindsFor(entity);
    const limits = situation.image.quotas.get(key)?.limits;
    const changes: MetadataRecord[] = [];
    const seen = new Set<string>();
    for (const { key: name, value, remove } of ops) {
      if (seen.has(name)) refuse(`Duplicate quota key ${name}`);
      seen.add(name);
      if (!remove) checkValue(kinds, name, value);
      const isChange = remove ? limits?.has(name) === true : limits?.get(name) !== value;
      if (!isChange) continue;
      const record = { entity, key: name, value: remove ? 0 : value, remove };
      changes.push({ type: 'ClientQuotaRecord', version: 0, record });
    }
    push(records, changes, situation);
    return NO_FAILURE;
  } catch (thrown) {
    if (thrown instanceof BatchTooLarge) throw thrown;
    return failureOf(thrown);
  }
}

/** The keys that an entity can have. @throws ControllerFault INVALID_REQUEST when there is no such entity */
function kindsFor(entity: AlterClientQuotasRequestEntryData['entity']): ReadonlyMap<string, Kind> {
  if (entity.length === 0) refuse('Invalid empty client quota entity');
  const types = new Set<string>();
  for (const { entityType, entityName } of entity) {
    if (types.has(entityType)) refuse(`Invalid client quota entity, duplicate entity entry ${entityType}`);
    if (!['user', 'client-id', 'ip'].includes(entityType)) refuse(`Unhandled client quota entity type: ${entityType}`);
    if (entityName === '') refuse(`Empty ${entityType} not supported`);
    if (entityType === 'ip' && entityName !== null && !isAddress(entityName)) {
      refuse(`${entityName} is not a valid IP; name an address, names are not resolved`);
    }
    types.add(entityType);
  }
  if (!types.has('ip')) return CLIENT_KEYS;
  if (types.size > 1)
    refuse('Invalid quota entity combination, IP entity should not be combined with User or ClientId');
  return ADDRESS_KEYS;
}

function checkValue(kinds: ReadonlyMap<string, Kind>, name: string, value: number): void {
  const kind = kinds.get(name) ?? refuse(`Invalid configuration key ${name}`);
  if (value <= 0) refuse(`Quota ${name} must be greater than 0`);
  if (kind === 'int' && value > 2 ** 31 - 1) refuse(`Proposed value for ${name} is too large for a INT.`);
  if (kind === 'long' && value > 2 ** 63) refuse(`Proposed value for ${name} is too large for a LONG.`);
  if (kind !== 'double' && Math.abs(Math.trunc(value + 1e-6) - value) > 1e-6)
    refuse(`${name} cannot be a fractional value.`);
}

function isAddress(text: string): boolean {
  const isV4 = /^\d{1,3}(\.\d{1,3}){3}$/.test(text) && text.split('.').every((part) => Number(part) < 256);
  return isV4 || (text.includes(':') && /^[0-9a-fA-F:.]{2,45}$/.test(text));
}

function refuse(message: string): never {
  throw new ControllerFault('INVALID_REQUEST', message);
}
