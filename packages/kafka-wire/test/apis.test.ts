import { describe, expect, it } from 'vitest';
import { apiByKey, apiByName, isServed, requestHeaderVersion, responseHeaderVersion } from '../src/apis.ts';
import { apis } from '../src/generated/apis.ts';
import { messagesByApiKey } from '../src/registry.ts';
import { fixtureLines } from './recordings/read-recordings.ts';

/** A row of Java's `ApiKeys`, as `apps/compat` recorded it. */
interface JavaApi {
  readonly key: number;
  readonly name: string;
  readonly oldestVersion: number;
  readonly latestVersion: number;
  readonly clusterAction: boolean;
  readonly forwardable: boolean;
  readonly listeners: readonly string[];
  readonly versions: readonly {
    readonly version: number;
    readonly stable: boolean;
    readonly deprecated: boolean;
    readonly requestHeader: number;
    readonly responseHeader: number;
  }[];
}

const javaApis = fixtureLines('apis.jsonl.zst')
  .slice(1)
  .map((line) => JSON.parse(line) as JavaApi);

describe('the API table', () => {
  it('has the keys, versions, listeners and permissions of Java', () => {
    const ours = apis.map((api) => ({
      key: api.key,
      name: api.name,
      oldestVersion: api.lowestVersion,
      latestVersion: api.highestVersion,
      clusterAction: api.clusterAction,
      forwardable: api.forwardable,
      listeners: api.listeners.map((listener) => (listener === 'zkBroker' ? 'zk_broker' : listener)).sort(),
    }));
    const javas = javaApis.map(({ versions, ...api }) => ({ ...api, listeners: [...api.listeners].sort() }));
    expect(ours).toEqual(javas);
  });

  it.each(javaApis)('has Java’s header versions, deprecations and unstable versions for $name', ({ key, versions }) => {
    const api = apiByKey(key);
    for (const { version, stable, deprecated, requestHeader, responseHeader } of versions) {
      expect(requestHeaderVersion(key, version)).toBe(requestHeader);
      expect(responseHeaderVersion(key, version)).toBe(responseHeader);
      expect(version === api?.highestVersion && api.latestVersionUnstable).toBe(!stable);
      expect(version <= (api?.highestDeprecatedVersion ?? -1)).toBe(deprecated);
      expect(isServed(key, version)).toBe(true);
    }
    expect(isServed(key, versions.length)).toBe(false);
    expect(isServed(key, -1)).toBe(false);
  });

  it('knows nothing about keys that are not there', () => {
    expect(apiByKey(999)).toBeUndefined();
    expect(requestHeaderVersion(999, 0)).toBeUndefined();
    expect(responseHeaderVersion(999, 0)).toBeUndefined();
    expect(isServed(999, 0)).toBe(false);
  });

  it('is found by name too', () => {
    expect(apiByName('Fetch')?.key).toBe(1);
    expect(apiByName('Nothing')).toBeUndefined();
  });

  it('has a request and a response codec for every key', () => {
    expect([...messagesByApiKey.keys()].sort((a, b) => a - b)).toEqual(apis.map(({ key }) => key));
    for (const { name, key } of apis) {
      expect(messagesByApiKey.get(key)?.request.table.name).toBe(`${name}Request`);
      expect(messagesByApiKey.get(key)?.response.table.name).toBe(`${name}Response`);
    }
  });
});
