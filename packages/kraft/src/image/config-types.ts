import type { ConfigResourceType } from '@biquorum/metadata';

/** Kafka's numbers of the resource types whose configuration lies in the metadata log. Source: Java `ConfigResource.Type`. */
const CODES: ReadonlyMap<number, ConfigResourceType> = new Map([
  [2, 'topic'],
  [4, 'broker'],
  [16, 'client-metrics'],
  [32, 'group'],
]);

/** The resource type of this number, or undefined. */
export function configTypeOf(code: number): ConfigResourceType | undefined {
  return CODES.get(code);
}

/** Kafka's number of a resource type. */
export function configTypeCode(type: ConfigResourceType): number {
  for (const [code, known] of CODES) if (known === type) return code;
  throw new RangeError(`resource type ${type} has no number`);
}
