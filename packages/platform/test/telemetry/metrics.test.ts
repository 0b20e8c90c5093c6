import { type HistogramReading, Metrics, millisecondBounds } from '@biquorum/platform';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

describe('metrics', () => {
  it('count up, and never down', () => {
    const metrics = new Metrics();
    const counter = metrics.counter('bytes');
    counter.add(5);
    counter.add();
    expect(metrics.read()).toEqual([{ kind: 'counter', name: 'bytes', labels: {}, value: 6 }]);
    expect(() => counter.add(-1)).toThrow('counter bytes cannot go down by 1');
  });

  it('go up and down in gauges', () => {
    const metrics = new Metrics();
    const gauge = metrics.gauge('connections');
    gauge.set(5);
    gauge.add(-2);
    expect(metrics.read()).toMatchObject([{ kind: 'gauge', value: 3 }]);
  });

  it('are apart for different labels, and the same for the same in any order', () => {
    const metrics = new Metrics();
    const one = metrics.counter('requests', { api: 'Fetch', version: 1 });
    expect(metrics.counter('requests', { version: 1, api: 'Fetch' })).toBe(one);
    expect(metrics.counter('requests', { version: '1', api: 'Fetch' })).not.toBe(one);
    expect(metrics.counter('requests', { api: 'Produce', version: 1 })).not.toBe(one);
    expect(metrics.counter('requests')).not.toBe(one);
    expect(metrics.read()).toHaveLength(4);
  });

  it('keep a name for one kind', () => {
    const metrics = new Metrics();
    metrics.counter('requests');
    expect(() => metrics.gauge('requests')).toThrow('metric requests is a counter; give the gauge another name');
    expect(() => metrics.histogram('requests', {})).toThrow('metric requests is a counter');
  });

  it('put each value into the bucket of the first bound that is not below it', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 12 }),
        fc.array(fc.integer({ min: -60, max: 60 })),
        (unsorted, values) => {
          const bounds = unsorted.sort((a, b) => a - b);
          const metrics = new Metrics();
          for (const value of values) metrics.histogram('sizes', {}, bounds).record(value);
          const [reading] = metrics.read() as HistogramReading[];
          const expected = [...bounds, Number.POSITIVE_INFINITY].map((bound, index) => {
            const below = bounds[index - 1] ?? Number.NEGATIVE_INFINITY;
            return values.filter((value) => value > below && value <= bound).length;
          });
          if (values.length === 0) return;
          expect(reading?.buckets).toEqual(expected);
          expect(reading?.count).toBe(values.length);
          expect(reading?.sum).toBe(values.reduce((total, value) => total + value, 0));
        },
      ),
    );
  });

  it('have the bounds of the first histogram of a name, and those for latencies if none are given', () => {
    const metrics = new Metrics();
    metrics.histogram('sizes', {}, [1, 2]).record(5);
    metrics.histogram('sizes', { kind: 'other' }, [100]).record(5);
    metrics.histogram('elapsedMs').record(5);
    const readings = metrics.read() as HistogramReading[];
    expect(readings.map(({ bounds }) => bounds)).toEqual([[1, 2], [1, 2], millisecondBounds]);
    expect(() => metrics.histogram('falling', {}, [2, 1])).toThrow('bounds of histogram falling do not rise: 2, 1');
  });
});
