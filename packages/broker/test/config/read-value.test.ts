import { describe, expect, it } from 'vitest';
import { brokerKey } from '../../src/config/broker-keys.ts';
import { doubleText } from '../../src/config/double-text.ts';
import { readValue, type ValueReading } from '../../src/config/read-value.ts';
import { topicConfig } from '../../src/config/topic-configs.ts';

function read(name: string, text: string): ValueReading {
  const entry = topicConfig(name) ?? brokerKey(name);
  if (entry === undefined) throw new Error(name);
  return readValue(entry, text);
}

describe('reading the value of a setting', () => {
  it('does not mind spaces around it, nor signs and zeros in front of a number', () => {
    expect(read('num.partitions', ' +007 ')).toEqual({ ok: true, value: 7, text: '7' });
    expect(read('preallocate', 'TRUE')).toEqual({ ok: true, value: true, text: 'true' });
    expect(read('cleanup.policy', ' compact ,  delete')).toMatchObject({
      value: ['compact', 'delete'],
      text: 'compact,delete',
    });
  });

  it('says what is allowed where a value is not', () => {
    expect(read('num.partitions', '0')).toEqual({ ok: false, allowed: 'a whole number from 1 to 2147483647' });
    expect(read('compression.gzip.level', '0')).toMatchObject({ allowed: 'a whole number from -1 to 9 but not 0' });
    expect(read('min.cleanable.dirty.ratio', '1.5')).toMatchObject({ allowed: 'a number from 0 to 1' });
    expect(read('cleanup.policy', 'compress')).toMatchObject({ allowed: 'a list of compact, delete' });
    expect(read('message.timestamp.type', 'create')).toMatchObject({ allowed: 'one of CreateTime, LogAppendTime' });
    expect(read('preallocate', 'yes')).toMatchObject({ allowed: 'true or false' });
  });

  it('keeps to the width of its type', () => {
    expect(read('num.partitions', '2147483648').ok).toBe(false);
    expect(read('offsets.topic.replication.factor', '32768').ok).toBe(false);
    expect(read('retention.bytes', '9223372036854775807')).toEqual({
      ok: true,
      value: Number.POSITIVE_INFINITY,
      text: '9223372036854775807',
    });
    expect(read('retention.bytes', '9223372036854775808').ok).toBe(false);
  });

  it('takes replicas to throttle as pairs or as a star', () => {
    for (const text of ['', '*', '0:1,1:2', '0:1, 1:2']) {
      expect(read('leader.replication.throttled.replicas', text).ok, text).toBe(true);
    }
    for (const text of ['1', '*,0:1', '0:1:2']) {
      expect(read('leader.replication.throttled.replicas', text).ok, text).toBe(false);
    }
  });

  it('knows versions in full, in short and with the number of a release', () => {
    for (const text of ['3.9', '3.9-IV0', '3.9.2', '0.10.2']) {
      expect(read('inter.broker.protocol.version', text).ok, text).toBe(true);
    }
    for (const text of ['3', '3.10', '0.10', 'latest']) {
      expect(read('inter.broker.protocol.version', text).ok, text).toBe(false);
    }
  });
});

describe('a double as Java writes it', () => {
  // From the text of java.lang.Double.toString(double).
  it.each([
    [0.5, '0.5'],
    [1, '1.0'],
    [-0, '-0.0'],
    [0.001, '0.001'],
    [0.0001, '1.0E-4'],
    [9999999, '9999999.0'],
    [1e7, '1.0E7'],
    [1.7976931348623157e308, '1.7976931348623157E308'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
  ])('%d is %s', (value, text) => {
    expect(doubleText(value)).toBe(text);
  });
});
