import { describe, expect, it } from 'vitest';
import { readBrokerSettings } from '../../src/config/read-settings.ts';
import type { BrokerSettings } from '../../src/settings.ts';

function settings(properties: Record<string, string> = {}): BrokerSettings {
  return readBrokerSettings(new Map(Object.entries({ 'node.id': '1', ...properties })));
}

describe('reading server.properties', () => {
  it('checks the settings of the plane by the plane’s own rows', () => {
    const rest = { type: 'int', defaultValue: '1', minimum: 1, support: 'effective', documentation: '' } as const;
    const plane = [{ ...rest, name: 'some.plane.count' }];
    const properties = (count: string) =>
      new Map([
        ['node.id', '1'],
        ['some.plane.count', count],
      ]);
    expect(readBrokerSettings(properties('5'), plane).planeConfigs).toBe(plane);
    expect(() => readBrokerSettings(properties('0'), plane)).toThrow(/some\.plane\.count.*whole number from 1/);
  });

  it('takes Kafka’s defaults for what is not there', () => {
    expect(settings()).toMatchObject({
      id: 1,
      listeners: [{ name: 'PLAINTEXT', host: '', port: 9092, advertised: null }],
      interBrokerListener: 'PLAINTEXT',
      logDirectories: ['/tmp/kafka-logs'],
      replicaLagMsMax: 30_000,
      logs: { retentionCheckIntervalMs: 300_000, producerIdExpirationMs: 86_400_000, cleanerEnabled: true },
    });
  });

  it.each([
    ['num.partitions', '0', /^num\.partitions=0: must be a whole number from 1 to 2147483647$/],
    ['log.segment.bytes', '13', /^log\.segment\.bytes=13: must be a whole number from 14 to 2147483647$/],
    ['log.retention.ms', 'week', /^log\.retention\.ms=week: must be a whole number/],
    [
      'compression.type',
      'zip',
      /^compression\.type=zip: must be one of uncompressed, zstd, lz4, snappy, gzip, producer$/,
    ],
    ['offsets.topic.replication.factor', '40000', /a whole number from 1 to 32767$/],
    ['group.consumer.min.session.timeout.ms', '0', /a whole number from 1/],
    ['listener.name.plaintext.max.connections', '-1', /a whole number from 0/],
  ])('refuses %s=%s with key, value and what is allowed', (key, value, message) => {
    expect(() => settings({ [key]: value })).toThrow(message);
    expect(() => settings({ [key]: value })).toThrow(expect.objectContaining({ name: 'SettingsError', key, value }));
  });

  it.each([
    ['authorizer.class.name', 'org.apache.kafka.metadata.authorizer.StandardAuthorizer'],
    ['security.inter.broker.protocol', 'SSL'],
    ['remote.log.storage.system.enable', 'true'],
    ['group.coordinator.rebalance.protocols', 'classic,consumer'],
    ['create.topic.policy.class.name', 'example.Policy'],
    ['replica.selector.class', 'example.Selector'],
    ['config.providers', 'file'],
  ])('refuses %s=%s, which it could not honour', (key, value) => {
    expect(() => settings({ [key]: value })).toThrow(expect.objectContaining({ name: 'SettingsError', key }));
  });

  it('takes what it refuses when that is the default', () => {
    expect(() =>
      settings({
        'authorizer.class.name': '',
        'remote.log.storage.system.enable': 'FALSE',
        'unstable.api.versions.enable': 'false',
      }),
    ).not.toThrow();
  });

  it.each([
    [{ 'replica.fetch.wait.max.ms': '40000' }, 'replica.fetch.wait.max.ms'],
    [{ 'replica.lag.time.max.ms': '400' }, 'replica.fetch.wait.max.ms'],
    [{ 'log.retention.ms': '0' }, 'log.retention.ms'],
    [{ 'log.roll.ms': '0' }, 'log.roll.ms'],
    [{ 'log.cleaner.threads': '200' }, 'log.cleaner.dedupe.buffer.size'],
    [{ 'log.cleaner.min.compaction.lag.ms': '10', 'log.cleaner.max.compaction.lag.ms': '5' }, 'min.compaction.lag.ms'],
    [{ 'queued.max.request.bytes': '1' }, 'queued.max.request.bytes'],
    [{ 'max.connections.per.ip': '0' }, 'max.connections.per.ip'],
    [{ 'connections.max.idle.ms': '50' }, 'connection.failed.authentication.delay.ms'],
    [{ 'group.consumer.session.timeout.ms': '70000' }, 'group.consumer.session.timeout.ms'],
    [{ 'broker.id': '2' }, 'broker.id'],
    [{ 'log.dirs': ' , ' }, 'log.dirs'],
    [{ 'log.dirs': '/a,/a' }, 'log.dirs'],
  ])('refuses %j, whose values do not go together', (properties: Record<string, string>, key) => {
    expect(() => settings(properties)).toThrow(expect.objectContaining({ key }));
  });

  it('lets minutes beat hours, and milliseconds both', () => {
    expect(() => settings({ 'log.retention.hours': '0', 'log.retention.minutes': '10' })).not.toThrow();
    expect(() => settings({ 'log.retention.minutes': '0', 'log.retention.ms': '-1' })).not.toThrow();
    expect(() => settings({ 'log.retention.hours': '0' })).toThrow(/^log\.retention\.hours=0/);
  });

  it('takes the number of the node under either name', () => {
    expect(readBrokerSettings(new Map([['broker.id', '7']])).id).toBe(7);
    expect(() => readBrokerSettings(new Map())).toThrow(/^node\.id=-1: give the node a number/);
  });

  it('never closes idle connections where the time is negative', () => {
    expect(settings({ 'connections.max.idle.ms': '-1' }).server.idleMsMax).toBeGreaterThan(1e12);
  });
});

describe('listeners', () => {
  it('may have names of their own, mapped to PLAINTEXT', () => {
    const { listeners, interBrokerListener } = settings({
      listeners: 'inside://10.0.0.1:9092,OUTSIDE://[::1]:9093',
      'advertised.listeners': 'OUTSIDE://kafka.example:443,INSIDE://10.0.0.1:9092',
      'listener.security.protocol.map': 'INSIDE:PLAINTEXT,OUTSIDE:PLAINTEXT',
      'inter.broker.listener.name': 'INSIDE',
    });
    expect(listeners).toEqual([
      { name: 'INSIDE', host: '10.0.0.1', port: 9092, advertised: { host: '10.0.0.1', port: 9092 } },
      { name: 'OUTSIDE', host: '::1', port: 9093, advertised: { host: 'kafka.example', port: 443 } },
    ]);
    expect(interBrokerListener).toBe('INSIDE');
  });

  it('leave out those of controllers', () => {
    const { listeners } = settings({
      listeners: 'PLAINTEXT://:9092,CONTROLLER://:9093',
      'controller.listener.names': 'CONTROLLER',
    });
    expect(listeners.map(({ name }) => name)).toEqual(['PLAINTEXT']);
  });

  it('may share a port when one has an IPv4 and the other an IPv6 address', () => {
    const both = { 'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,SIX:PLAINTEXT' };
    expect(settings({ ...both, listeners: 'PLAINTEXT://127.0.0.1:9092,SIX://[::1]:9092' }).listeners).toHaveLength(2);
    expect(() => settings({ ...both, listeners: 'PLAINTEXT://a:9092,SIX://b:9092' })).toThrow(/port 9092 stands twice/);
    expect(settings({ ...both, listeners: 'PLAINTEXT://a:0,SIX://b:0' }).listeners).toHaveLength(2);
  });

  it.each([
    [{ listeners: 'SSL://:9093' }, /^listeners=SSL:\/\/:9093: security protocol SSL is not served/],
    [{ listeners: 'MINE://:9092' }, /add MINE:PLAINTEXT to listener\.security\.protocol\.map/],
    [{ listeners: 'PLAINTEXT:9092' }, /write NAME:\/\/host:port/],
    [{ listeners: 'PLAINTEXT://:99999' }, /write NAME:\/\/host:port/],
    [{ listeners: '' }, /name at least one/],
    [{ listeners: 'PLAINTEXT://a:1,plaintext://b:2' }, /a name of its own/],
    [{ listeners: 'PLAINTEXT://0.0.0.0:9092' }, /^advertised\.listeners=.*0\.0\.0\.0 is none/],
    [{ 'advertised.listeners': 'PLAINTEXT://a:1,SSL://b:2' }, /SSL is not served/],
    [{ 'listener.security.protocol.map': 'PLAINTEXT:TLS' }, /where the protocol is PLAINTEXT, SSL/],
    [{ 'inter.broker.listener.name': 'OTHER' }, /add OTHER:PLAINTEXT/],
    [{ 'inter.broker.listener.name': 'SSL' }, /none of the advertised listeners; choose one of PLAINTEXT/],
    [
      { 'inter.broker.listener.name': 'PLAINTEXT', 'security.inter.broker.protocol': 'PLAINTEXT' },
      /either this or security\.inter\.broker\.protocol/,
    ],
  ])('are refused as in %j', (properties: Record<string, string>, message) => {
    expect(() => settings(properties)).toThrow(message);
  });
});
