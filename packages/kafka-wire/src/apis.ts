import { apis } from './generated/apis.ts';
import type { ListenerType } from './schema/table.ts';

/** What there is to know about an API without its messages. */
export interface ApiInfo {
  readonly key: number;
  /** Name without `Request` or `Response`, such as `Fetch`. */
  readonly name: string;
  readonly lowestVersion: number;
  readonly highestVersion: number;
  /** First version with compact lengths and tagged fields, in request and response; undefined for none. */
  readonly firstFlexibleVersion: number | undefined;
  /** Versions up to this one are deprecated; undefined when none is. */
  readonly highestDeprecatedVersion: number | undefined;
  /** Whether the highest version is offered only on demand. */
  readonly latestVersionUnstable: boolean;
  readonly listeners: readonly ListenerType[];
  /** Whether the request needs the ClusterAction permission. */
  readonly clusterAction: boolean;
  /** Whether a broker beside KRaft hands the request on to the active controller. */
  readonly forwardable: boolean;
}

const API_VERSIONS = 18;
const CONTROLLED_SHUTDOWN = 7;
let apisByKey: ReadonlyMap<number, ApiInfo> | undefined;

/** What there is to know about the API with a key; undefined when there is none. */
export function apiByKey(key: number): ApiInfo | undefined {
  apisByKey ??= new Map(apis.map((api) => [api.key, api]));
  return apisByKey.get(key);
}

/** The API with a name such as `Fetch`; undefined when there is none. */
export function apiByName(name: string): ApiInfo | undefined {
  return apis.find((api) => api.name === name);
}

/** Whether we read and write an API in a version. */
export function isServed(apiKey: number, version: number): boolean {
  const api = apiByKey(apiKey);
  return api !== undefined && version >= api.lowestVersion && version <= api.highestVersion;
}

/**
 * The version of the header in front of a request: 2 with tagged fields, 1 without, and 0, without even a client id,
 * in front of ControlledShutdown v0. Tells it for versions that we do not know too, since such a request still has a
 * correlation id to answer to.
 *
 * @returns undefined when no API has the key.
 */
export function requestHeaderVersion(apiKey: number, version: number): 0 | 1 | 2 | undefined {
  const api = apiByKey(apiKey);
  if (api === undefined) return undefined;
  if (apiKey === CONTROLLED_SHUTDOWN && version === 0) return 0;
  return isFlexible(api, version) ? 2 : 1;
}

/**
 * The version of the header in front of a response: 1 with tagged fields, 0 without. ApiVersions is always answered
 * with 0, since the client does not know yet what the broker speaks (KIP-511).
 *
 * @returns undefined when no API has the key.
 */
export function responseHeaderVersion(apiKey: number, version: number): 0 | 1 | undefined {
  const api = apiByKey(apiKey);
  if (api === undefined) return undefined;
  return apiKey !== API_VERSIONS && isFlexible(api, version) ? 1 : 0;
}

function isFlexible(api: ApiInfo, version: number): boolean {
  return api.firstFlexibleVersion !== undefined && version >= api.firstFlexibleVersion;
}
