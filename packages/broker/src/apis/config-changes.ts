import type { PlaneReply, PlaneRequest } from '@biquorum/control-plane';
import { errorCode } from '@biquorum/kafka-wire';
import { alterConfigsRequest, alterConfigsResponse } from '@biquorum/kafka-wire/messages/alter-configs';
import {
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
} from '@biquorum/kafka-wire/messages/incremental-alter-configs';
import { ByteReader } from '@biquorum/std';
import { checkConfig } from '../config/check-config.ts';
import type { BrokerCore } from './core.ts';

const ALTER_CONFIGS_KEY = 33;
const INCREMENTAL_ALTER_CONFIGS_KEY = 44;

const RESOURCE = { topic: 2, broker: 4, brokerLogger: 8, clientMetrics: 16 } as const;
const OPERATION_DELETE = 1;

/** The requests that change configurations: brokers look at them before anybody decides. */
export const CONFIG_CHANGE_KEYS: ReadonlySet<number> = new Set([ALTER_CONFIGS_KEY, INCREMENTAL_ALTER_CONFIGS_KEY]);

/** What this broker refuses is answered here; the rest goes on to the plane. */
type Review =
  | { readonly kind: 'pass' }
  | { readonly kind: 'answer'; readonly body: Uint8Array }
  | { readonly kind: 'part'; readonly body: Uint8Array; readonly merge: (answer: Uint8Array) => Uint8Array };

/**
 * Serves a change of configurations through the plane, after the checks that only a broker can make: whether the
 * settings are its own, and whether it could run with them. Source: Java `ConfigAdminManager.preprocess`.
 */
export async function handleConfigChange(core: BrokerCore, request: PlaneRequest): Promise<PlaneReply> {
  const review = request.apiKey === ALTER_CONFIGS_KEY ? reviewLegacy(core, request) : reviewIncremental(core, request);
  switch (review.kind) {
    case 'pass':
      return core.plane.handle(request);
    case 'answer':
      return { kind: 'body', body: review.body };
    default: {
      const reply = await core.plane.handle({ ...request, frame: withBody(request, review.body) });
      return reply.kind === 'close' ? reply : { kind: 'body', body: review.merge(reply.body) };
    }
  }
}

function reviewIncremental(core: BrokerCore, { apiVersion, frame, bodyOffset }: PlaneRequest): Review {
  const body = incrementalAlterConfigsRequest.decode(new ByteReader(frame, bodyOffset), apiVersion);
  const faults = faultsOf(core, body.resources, RESOURCE.brokerLogger);
  if (faults.size === 0) return { kind: 'pass' };
  const others = body.resources.filter((resource) => !faults.has(resource));
  const answers = (rest: readonly Row[]): Uint8Array =>
    incrementalAlterConfigsResponse.toBytes({ responses: rowsOf(body.resources, faults, rest) }, apiVersion);
  if (others.length === 0) return { kind: 'answer', body: answers([]) };
  return {
    kind: 'part',
    body: incrementalAlterConfigsRequest.toBytes({ ...body, resources: others }, apiVersion),
    merge: (answer) => answers(incrementalAlterConfigsResponse.decode(new ByteReader(answer), apiVersion).responses),
  };
}

/** As {@link reviewIncremental}; log levels cannot be set in this way. */
function reviewLegacy(core: BrokerCore, { apiVersion, frame, bodyOffset }: PlaneRequest): Review {
  const body = alterConfigsRequest.decode(new ByteReader(frame, bodyOffset), apiVersion);
  const faults = faultsOf(core, body.resources, null);
  if (faults.size === 0) return { kind: 'pass' };
  const others = body.resources.filter((resource) => !faults.has(resource));
  const answers = (rest: readonly Row[]): Uint8Array =>
    alterConfigsResponse.toBytes({ responses: rowsOf(body.resources, faults, rest) }, apiVersion);
  if (others.length === 0) return { kind: 'answer', body: answers([]) };
  return {
    kind: 'part',
    body: alterConfigsRequest.toBytes({ ...body, resources: others }, apiVersion),
    merge: (answer) => answers(alterConfigsResponse.decode(new ByteReader(answer), apiVersion).responses),
  };
}

interface Resource {
  readonly resourceType: number;
  readonly resourceName: string;
  readonly configs: readonly {
    readonly name: string;
    readonly value: string | null;
    readonly configOperation?: number;
  }[];
}

interface Row {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly resourceType: number;
  readonly resourceName: string;
}

/** What is wrong with each resource; those that are fine are left out. */
function faultsOf(core: BrokerCore, resources: readonly Resource[], more: number | null): Map<Resource, string> {
  const faults = new Map<Resource, string>();
  const groups = Map.groupBy(resources, ({ resourceType, resourceName }) => `${resourceType} ${resourceName}`);
  for (const same of groups.values()) {
    for (const resource of same) {
      const fault = same.length > 1 ? 'Each resource must appear at most once.' : faultOf(core, resource, more);
      if (fault !== null) faults.set(resource, fault);
    }
  }
  return faults;
}

function faultOf(
  core: BrokerCore,
  { resourceType, resourceName, configs }: Resource,
  more: number | null,
): string | null {
  if (new Set(configs.map(({ name }) => name)).size !== configs.length) return 'Error due to duplicate config keys';
  const nulls = configs.filter(({ value, configOperation }) => value === null && configOperation !== OPERATION_DELETE);
  if (nulls.length > 0) return `Null value not supported for : ${nulls.map(({ name }) => name).join(', ')}`;
  switch (resourceType) {
    case RESOURCE.topic:
    case RESOURCE.clientMetrics:
      return null;
    case RESOURCE.broker:
      return faultOfName(core, resourceName) ?? faultOfSettings(resourceName, configs);
    default:
      return resourceType === more ? null : `Unknown resource type ${resourceType}`;
  }
}

/** The settings of all brokers, or this one's: another's would have to be checked by that broker. */
function faultOfName({ id }: BrokerCore, name: string): string | null {
  if (name === '') return null;
  if (!/^[+-]?\d{1,10}$/.test(name)) return `Node id must be an integer, but it is: ${name}`;
  return Number(name) === id ? null : `Unexpected broker id, expected ${id}, but received ${name}`;
}

function faultOfSettings(name: string, configs: Resource['configs']): string | null {
  for (const { name: key, value, configOperation } of configs) {
    if (value === null || configOperation === OPERATION_DELETE) continue;
    const fault = checkConfig({ type: 'broker', name }, key, value);
    if (fault !== null) return fault;
  }
  return null;
}

/** Every resource's outcome in the order of the request. */
function rowsOf(resources: readonly Resource[], faults: ReadonlyMap<Resource, string>, rest: readonly Row[]): Row[] {
  return resources.flatMap((resource) => {
    const { resourceType, resourceName } = resource;
    const fault = faults.get(resource);
    if (fault !== undefined) {
      return [{ errorCode: errorCode('INVALID_REQUEST'), errorMessage: fault, resourceType, resourceName }];
    }
    return rest.filter((row) => row.resourceType === resourceType && row.resourceName === resourceName);
  });
}

/** The request's header with another body behind it. */
function withBody({ frame, bodyOffset }: PlaneRequest, body: Uint8Array): Uint8Array {
  const changed = new Uint8Array(bodyOffset + body.length);
  changed.set(frame.subarray(0, bodyOffset));
  changed.set(body, bodyOffset);
  return changed;
}
