import { describe, expect, it } from 'vitest';
import {
  CONFIG_SOURCE,
  type DescribedConfig,
  describeBroker,
  describeClusterDefault,
  describeTopic,
} from '../../src/config/describe.ts';
import { type ConfigLayers, effectiveProperties } from '../../src/config/layers.ts';

const { topic, perBroker, clusterWide, file, builtIn } = CONFIG_SOURCE;

function layers(parts: Partial<Record<keyof ConfigLayers, Record<string, string>>>): ConfigLayers {
  const map = (values: Record<string, string> = {}) => new Map(Object.entries(values));
  return { perBroker: map(parts.perBroker), clusterWide: map(parts.clusterWide), file: map(parts.file) };
}

function row(rows: readonly DescribedConfig[], name: string): DescribedConfig {
  const found = rows.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no row ${name}`);
  return found;
}

// Suite `configs` of apps/compat puts the same to Apache's broker.
describe('describing settings', () => {
  it('takes in what only the plane knows, with type, default and documentation', () => {
    const entry = { type: 'int', defaultValue: '7', support: 'effective', documentation: 'How many.' } as const;
    const plane = [
      { ...entry, name: 'some.plane.count' },
      { ...entry, name: 'some.plane.size' },
      { ...entry, name: 'broker.session.timeout.ms' },
    ];
    const described = describeBroker(layers({ file: { 'some.plane.size': ' 5 ' } }), plane);
    expect(described).toHaveLength(315 + 2);
    expect(row(described, 'some.plane.count')).toMatchObject({ value: '7', type: 'int', source: 5, sensitive: false });
    expect(row(described, 'some.plane.size')).toMatchObject({ value: '5', source: 4, readOnly: true });
    expect(row(described, 'broker.session.timeout.ms')).toMatchObject({ value: '9000' });
    // Without it, it might be a secret.
    expect(row(describeBroker(layers({ file: { 'some.plane.size': '5' } })), 'some.plane.size').value).toBeNull();
  });

  it('lists every place that has a value, the one that counts first', () => {
    const all = layers({
      perBroker: { 'log.retention.ms': '1' },
      clusterWide: { 'log.retention.ms': '2' },
      file: { 'log.retention.ms': '3', 'log.retention.hours': '4' },
    });
    const { value, source, synonyms } = row(describeTopic(all, new Map([['retention.ms', '5']])), 'retention.ms');
    expect([value, source]).toEqual(['5', topic]);
    expect(synonyms).toEqual([
      { name: 'retention.ms', value: '5', source: topic },
      { name: 'log.retention.ms', value: '1', source: perBroker },
      { name: 'log.retention.ms', value: '2', source: clusterWide },
      { name: 'log.retention.ms', value: '3', source: file },
      { name: 'log.retention.hours', value: '4', source: file },
      { name: 'log.retention.hours', value: '168', source: builtIn },
    ]);
  });

  it('converts hours, but does not name them as a source, as Java does not', () => {
    const described = describeTopic(layers({ file: { 'log.retention.hours': '24' } }), new Map());
    expect(row(described, 'retention.ms')).toMatchObject({ value: '86400000', source: builtIn, synonyms: [] });
  });

  it('lets what is set at run time drop the coarser units of the file', () => {
    const all = layers({ clusterWide: { 'log.roll.ms': '5000' }, file: { 'log.roll.hours': '1' } });
    expect([...effectiveProperties(all)]).toEqual([['log.roll.ms', '5000']]);
  });

  it('gives both bounds of timestamps the value of the older one', () => {
    const described = describeTopic(layers({ file: { 'log.message.timestamp.difference.max.ms': '9' } }), new Map());
    expect(row(described, 'message.timestamp.before.max.ms').value).toBe('9');
    expect(row(described, 'message.timestamp.after.max.ms').value).toBe('9');
  });

  it('shows neither passwords nor what nobody knows', () => {
    const described = describeBroker(layers({ file: { 'ssl.key.password': 'secret', 'no.such': 'secret' } }));
    for (const name of ['ssl.key.password', 'no.such']) {
      expect(row(described, name)).toMatchObject({ value: null, sensitive: true, source: file });
    }
    expect(JSON.stringify(described)).not.toContain('"secret"');
    expect(row(described, 'no.such').type).toBeUndefined();
  });

  it('lists the 315 settings of a broker and what else was given, but internal ones only when given', () => {
    expect(describeBroker(layers({}))).toHaveLength(315);
    const described = describeBroker(layers({ file: { 'log.initial.task.delay.ms': '5', 'no.such': '1' } }));
    expect(described).toHaveLength(317);
    expect(row(described, 'log.initial.task.delay.ms')).toMatchObject({ value: '5', readOnly: true, type: 'long' });
    expect(row(described, 'log.retention.ms').readOnly).toBe(false);
  });

  it('lists of the cluster’s default what was set for all brokers', () => {
    const all = layers({ perBroker: { 'log.retention.ms': '1' }, clusterWide: { 'log.retention.ms': '2' } });
    expect(describeClusterDefault(all)).toMatchObject([
      { name: 'log.retention.ms', value: '2', synonyms: [{ source: clusterWide }] },
    ]);
  });

  it('has all 36 settings of a topic', () => {
    expect(describeTopic(layers({}), new Map())).toHaveLength(36);
  });
});
