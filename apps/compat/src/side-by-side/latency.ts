import { errorName } from '@biquorum/kafka-wire';
import { BareConnection } from './connection.ts';
import { leadersOf, produceOne } from './requests.ts';
import { percentile } from './statistics.ts';
import { withTopic } from './topic.ts';

/** Times to the acknowledgement of one record, in ms. */
export interface Latencies {
  readonly p50: number;
  readonly p99: number;
}

/** One record of so many bytes at a time, the next when the last is acknowledged; the first ones do not count. */
export function measureLatency(
  bootstrap: string,
  acks: 1 | -1,
  { records, warmup, valueBytes }: { readonly records: number; readonly warmup: number; readonly valueBytes: number },
): Promise<Latencies> {
  return withTopic(bootstrap, 1, async (topic) => {
    using connection = await openLeader(bootstrap, topic);
    const value = new Uint8Array(valueBytes).fill(0x78);
    const times: number[] = [];
    for (let sent = 0; sent < warmup + records; sent++) {
      const startedMs = performance.now();
      const code = await produceOne(connection, topic, value, acks);
      if (code !== 0) throw new Error(`record ${sent} of the latency run was refused: ${errorName(code)}`);
      if (sent >= warmup) times.push(performance.now() - startedMs);
    }
    return { p50: percentile(times, 0.5), p99: percentile(times, 0.99) };
  });
}

async function openLeader(bootstrap: string, topic: string): Promise<BareConnection> {
  using any = await BareConnection.open(bootstrap);
  const leaders = await leadersOf(any, topic, 1);
  if (leaders === undefined) throw new Error(`${topic} has no leader`);
  return BareConnection.open([...leaders.keys()].join());
}
