import { describe, expect, it } from 'vitest';
import { readConsumerPerf, readProducerPerf } from '../../src/side-by-side/perf-tools.ts';

/** What the tools of Apache Kafka 4.3.1 printed. */
const WARMED_UP = `Warmup first 500 records. Steady state results will print after the complete test summary.
2000 records sent, 1966.568338 records/sec (0.19 MB/sec), 103.24 ms avg latency, 793.00 ms max latency, 131 ms 50th, 134 ms 95th, 164 ms 99th, 175 ms 99.9th.
1500 steady state records sent, 6198.347107 records/sec (0.59 MB/sec), 116.28 ms avg latency, 143.00 ms max latency, 132 ms 50th, 134 ms 95th, 143 ms 99th, 143 ms 99.9th.
`;
const PLAIN =
  '2000 records sent, 1152.737752 records/sec (0.11 MB/sec), 191.58 ms avg latency, 1603.00 ms max latency, 190 ms 50th, 267 ms 95th, 276 ms 99th, 283 ms 99.9th.\n';
const CONSUMER = `Warning: --messages is deprecated. Use --num-records instead.
2026-11-21 13:58:29:471, 2026-11-21 13:58:30:994, 0.1907, 0.1252, 2000, 1313.1976, 1109, 414, 0.4607, 4830.9179
`;

describe("results of Apache's tools", () => {
  it('takes the steady state of a producer that was warmed up, and the whole of one that was not', () => {
    expect(readProducerPerf(WARMED_UP)).toBe(6198.347107);
    expect(readProducerPerf(PLAIN)).toBe(1152.737752);
  });

  it('takes the rate of a consumer without the time to join its group', () => {
    expect(readConsumerPerf(CONSUMER)).toBe(4830.9179);
  });

  it('shows what was printed in place of a result', () => {
    expect(() => readProducerPerf('no broker at 127.0.0.1:1')).toThrow(/no broker at/);
    expect(() => readConsumerPerf('no broker at 127.0.0.1:1')).toThrow(/no broker at/);
  });
});
