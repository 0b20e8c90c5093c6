import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { configurationPage } from '../../scripts/configuration-page.ts';
import {
  BARE_PROPERTIES,
  CONFIG_KEYS,
  PROPERTIES,
  readZooKeeperSettings,
  type SettingsError,
} from '../../src/index.ts';

type Entries = Readonly<Record<string, string>>;

function read(config: Entries, properties: Entries = {}, myid: string | null = null) {
  const own = { dataDir: '/data', ...config };
  return readZooKeeperSettings(new Map(Object.entries(own)), new Map(Object.entries(properties)), myid);
}

function fault(config: Entries, properties: Entries = {}, myid: string | null = null): string {
  try {
    read(config, properties, myid);
    return 'none';
  } catch (error) {
    return (error as SettingsError).message;
  }
}

const THREE = {
  initLimit: '10',
  syncLimit: '5',
  'server.1': 'a:2888:3888',
  'server.2': 'b:2888:3888',
  'server.3': 'c:2888:3888;0.0.0.0:2182',
};

describe('zoo.cfg', () => {
  it('has the defaults of Java 3.9', () => {
    expect(read({ clientPort: '2181' })).toMatchObject({
      dataDir: '/data',
      dataLogDir: '/data',
      serverId: 1,
      clientPort: 2181,
      clientHost: '0.0.0.0',
      tickMs: 3_000,
      minSessionTimeoutMs: 6_000,
      maxSessionTimeoutMs: 60_000,
      maxClientCnxns: 60,
      maxCnxns: 0,
      frameBytesMax: 0xfffff,
      txnBytesMax: 2 * 0xfffff,
      outstandingMax: 1_000,
      sessionlessTimeoutMs: 10_000,
      containers: { checkIntervalMs: 60_000, maxPerMinute: 10_000, maxNeverUsedIntervalMs: 0 },
      storage: { preAllocKiB: 65_536, snapCount: 100_000, snapRetainCount: 3, purgeIntervalHours: 0, forceSync: true },
      extendedTypes: false,
      skipAcl: false,
      enforceQuota: false,
      metrics: null,
      ensemble: null,
      remarks: [],
    });
    expect([...read({}).wordsAllowed]).toEqual(['srvr']);
    expect(read({}).clientPort).toBeNull();
  });

  it('takes properties by their names in the file, and with their prefix from the command line', () => {
    expect(read({ maxCnxns: '7' }).maxCnxns).toBe(7);
    expect(read({}, { 'zookeeper.maxCnxns': '8' }).maxCnxns).toBe(8);
    expect(read({ maxCnxns: '7' }, { 'zookeeper.maxCnxns': '8' }).maxCnxns).toBe(7);
    expect(read({}, { 'jute.maxbuffer': '2000000' })).toMatchObject({
      frameBytesMax: 2_000_000,
      txnBytesMax: 4_000_000,
    });
  });

  it('says what changes nothing: names that nobody knows, and properties where nobody reads them', () => {
    const { remarks, frameBytesMax } = read({
      'jute.maxbuffer': '5',
      'zookeeper.maxCnxns': '3',
      typo: '1',
      flushDelay: '5',
    });
    expect(frameBytesMax).toBe(0xfffff);
    expect(remarks).toEqual([
      'jute.maxbuffer is not known and changes nothing; give it on the command line as -Djute.maxbuffer=…',
      'zookeeper.maxCnxns is not known and changes nothing; in zoo.cfg write maxCnxns',
      'typo is not known and changes nothing',
      'flushDelay changes nothing: a batch takes what is there when the one before ends',
    ]);
  });

  it('refuses what Java refuses, and what is not here', () => {
    expect(fault({ dataDir: '' })).toBe('dataDir is not set; name the directory of the data');
    expect(fault({ clientPort: 'x' })).toBe('clientPort=x is no whole number; write one');
    expect(fault({ tickTime: '0' })).toBe('tickTime is 0; it must be at least 1');
    expect(fault({ electionAlg: '1' })).toContain('there is only 3');
    expect(fault({ standaloneEnabled: 'yes' })).toContain('neither true nor false');
    expect(fault({ peerType: 'voter' })).toContain('write participant or observer');
    expect(fault({ minSessionTimeout: '9000', maxSessionTimeout: '8000' })).toContain('must not be larger');
    expect(fault({ clientPortAddress: '127.0.0.1' })).toContain('set both');
    expect(fault({ secureClientPort: '2281' })).toBe(
      'secureClientPort=2281 cannot be: TLS is not here yet; leave it out',
    );
    expect(fault({ reconfigEnabled: 'true' })).toContain('reconfigEnabled=true cannot be');
    expect(fault({ reconfigEnabled: 'false' })).toBe('none');
    expect(fault({}, { 'readonlymode.enabled': 'true' })).toContain('read-only mode is not here yet');
    expect(fault({ 'metricsProvider.className': 'x.Y' })).toContain('metricsProvider.className x.Y is not known');
    expect(fault({ 'snapshot.compression.method': 'zip' })).toContain('write gz, snappy, or nothing');
  });

  it('makes an ensemble of two participants or more, or of one where standaloneEnabled is false', () => {
    expect(read(THREE, {}, '3')).toMatchObject({
      serverId: 3,
      clientPort: 2182,
      outstandingMax: 500,
      ensemble: { initLimit: 10, syncLimit: 5, servers: [{ id: 1 }, { id: 2 }, { id: 3, role: 'participant' }] },
    });
    const one = { initLimit: '10', syncLimit: '5', 'server.1': 'a:2888:3888' };
    expect(read(one, {}, '1').ensemble).toBeNull();
    expect(read({ ...one, standaloneEnabled: 'false' }, {}, '1').ensemble?.servers).toHaveLength(1);
    expect(fault(THREE)).toContain('the file myid is missing');
    expect(fault(THREE, {}, 'one')).toBe('myid "one" is no number');
    expect(fault({ ...THREE, syncLimit: '0' }, {}, '1')).toContain('syncLimit is not set');
    expect(fault({ ...THREE, 'server.2': 'b:2888' }, {}, '1')).toContain('server.2 has no election port');
    expect(fault({ ...THREE, 'server.x': 'b:2888:3888' }, {}, '1')).toContain('server.x is no server');
    expect(fault({ 'server.1': 'a:2888:3888:observer' }, {}, '1')).toContain('name participants');
    const large = { ...THREE, 'server.255': 'd:2888:3888', extendedTypesEnabled: 'true' };
    expect(fault(large, {}, '255')).toContain('must be 254 or less');
    // What Java's servers do not start with either.
    expect(fault(THREE, {}, '4')).toContain('myid is 4, and there is no server.4');
    expect(fault({ ...THREE, clientPort: '2181' }, {}, '3')).toContain('clientPort is 2181, and server.3 says 2182');
    expect(fault({ ...THREE, clientPort: '2182' }, {}, '3')).toBe('none');
    // One that stands alone needs no number.
    expect(read(one).serverId).toBe(1);
  });
});

describe('the table of settings', () => {
  const all = [...CONFIG_KEYS, ...PROPERTIES, ...BARE_PROPERTIES];

  it('has each setting once, and says why one is not effective, and only then', () => {
    const names = all.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, support, because } of all) expect(because === undefined, name).toBe(support === 'effective');
  });

  it('has defaults that can be read', () => {
    for (const { name, defaultValue, support } of all) {
      if (defaultValue === null || name.endsWith('.')) continue;
      const isBare = BARE_PROPERTIES.some((one) => one.name === name);
      const [config, properties] = isBare ? [{}, { [name]: defaultValue }] : [{ [name]: defaultValue }, {}];
      expect(fault(config, properties), name).toBe('none');
      if (support !== 'effective') expect(read(config, properties).remarks, name).toEqual([]);
    }
  });

  it('makes the page of the documentation', () => {
    const page = readFileSync(new URL('../../../../docs/zookeeper-configuration.md', import.meta.url), 'utf8');
    expect(page === configurationPage(), 'run pnpm --filter @biquorum/zookeeper generate').toBe(true);
  });
});
