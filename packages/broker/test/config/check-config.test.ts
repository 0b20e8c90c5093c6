import { describe, expect, it } from 'vitest';
import { checkConfig, isListConfig } from '../../src/config/check-config.ts';

const TOPIC = { type: 'topic', name: 't' } as const;
const ONE = { type: 'broker', name: '1' } as const;
const ALL = { type: 'broker', name: '' } as const;

describe('checking what is set at run time', () => {
  it.each([
    ['retention.ms', '-1'],
    ['cleanup.policy', 'compact,delete'],
    ['min.insync.replicas', '2'],
    ['remote.storage.enable', 'false'],
  ])('takes %s=%s for a topic', (key, value) => {
    expect(checkConfig(TOPIC, key, value)).toBeNull();
  });

  it.each([
    [
      'retention.ms',
      'x',
      'Invalid value x for configuration retention.ms: must be a whole number from -1 to 9223372036854775807',
    ],
    ['retention', '1', 'Unknown topic config name retention'],
    ['retention.m', '1', 'Unknown topic config name retention.m; did you mean retention.ms?'],
    ['log.retention.ms', '1', 'Unknown topic config name log.retention.ms; did you mean local.retention.ms?'],
  ])('refuses %s=%s for a topic', (key, value, message) => {
    expect(checkConfig(TOPIC, key, value)).toBe(message);
  });

  it('refuses tiered storage, which is not there', () => {
    expect(checkConfig(TOPIC, 'remote.storage.enable', 'true')).toMatch(/no tiered storage; only false is taken$/);
  });

  it('takes for brokers what Kafka lets be changed, in the width in which it does', () => {
    expect(checkConfig(ALL, 'log.retention.ms', '1000')).toBeNull();
    expect(checkConfig(ONE, 'log.retention.ms', '1000')).toBeNull();
    expect(checkConfig(ALL, 'leader.replication.throttled.rate', '1')).toBeNull();
    expect(checkConfig(ONE, 'listener.name.tls.ssl.keystore.password', 'x')).toBeNull();
    expect(checkConfig(ALL, 'listener.name.tls.ssl.keystore.password', 'x')).toMatch(/cannot be set for all brokers/);
    expect(checkConfig(ALL, 'sasl.enabled.mechanisms', 'PLAIN')).toMatch(/cannot be set for all brokers/);
    expect(checkConfig(ONE, 'ssl.keystore.password', 'x')).toMatch(/as listener\.name\.NAME\.ssl\.keystore\.password$/);
    expect(checkConfig(ONE, 'log.retention.hours', '1')).toMatch(/cannot be changed at run time/);
    expect(checkConfig(ONE, 'a.setting.of.a.plug-in', 'x')).toBeNull();
  });

  it('takes bounds of connections, for all listeners or one, and refuses an override that is none', () => {
    const overrides = 'max.connections.per.ip.overrides';
    expect(checkConfig(ALL, 'max.connections', '5')).toBeNull();
    expect(checkConfig(ALL, 'listener.name.clients.max.connections', '5')).toBeNull();
    expect(checkConfig(ALL, overrides, '10.0.0.1:5, ::1:3')).toBeNull();
    expect(checkConfig(ALL, overrides, '')).toBeNull();
    expect(checkConfig(ALL, overrides, '10.0.0.1')).toMatch(/must be a list of host:count$/);
  });

  it('refuses what would take effect at a restart only, instead of keeping silent', () => {
    expect(checkConfig(ONE, 'listeners', 'PLAINTEXT://:1')).toMatch(/at a restart only/);
  });

  it('knows the settings of client metrics, and that groups have none', () => {
    const metrics = { type: 'client-metrics', name: 'm' } as const;
    expect(checkConfig(metrics, 'interval.ms', '1000')).toBeNull();
    expect(checkConfig(metrics, 'interval.ms', '99')).toMatch(/from 100 to 3600000$/);
    expect(checkConfig(metrics, 'labels', 'x')).toMatch(/^Unknown/);
    expect(checkConfig({ type: 'group', name: 'g' }, 'x', '1')).toMatch(/no settings in Kafka 3\.9$/);
  });

  it('knows which settings are lists', () => {
    for (const key of [
      'cleanup.policy',
      'log.cleanup.policy',
      'leader.replication.throttled.replicas',
      'metric.reporters',
    ]) {
      expect(isListConfig(key), key).toBe(true);
    }
    for (const key of ['retention.ms', 'listeners', 'compression.type', 'unknown'])
      expect(isListConfig(key), key).toBe(false);
  });
});
