import type { Java } from '../java/java.ts';
import { ApacheBroker } from './broker.ts';
import { waitForFile } from './wait-for-file.ts';

/** A record that Apache's consumer read; bytes in base64. Source: `RecordLines.java`. */
export interface ConsumedRecord {
  readonly topic: string;
  readonly offset: number;
  readonly timestamp: number;
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: readonly (readonly [key: string, value: string | null])[];
}

/** A record that Apache's broker acknowledged. */
export interface AcknowledgedRecord extends ConsumedRecord {
  /** Whether its transaction, if it had one, was committed. */
  readonly committed: boolean;
}

/** What Apache's broker acknowledged. */
export interface Filling {
  readonly records: readonly AcknowledgedRecord[];
  /** Name of the topic that was compacted. */
  readonly compacted: string;
}

const CLEANED_TIMEOUT_MS = 60_000;

/** A broker whose cleaner starts at once, as {@link fillBroker} needs it. */
export function prepareFillableBroker(java: Java, directory: string): Promise<ApacheBroker> {
  return ApacheBroker.prepare(java, directory, { 'log.cleaner.backoff.ms': 100, 'log.initial.task.delay.ms': 100 });
}

/**
 * Fills a running broker with topics of each codec, producer and policy, whose names begin with a prefix (see
 * `FillBroker.java`), and waits until the compacted one has been compacted.
 */
export async function fillBroker(java: Java, broker: ApacheBroker, prefix: string, seed: number): Promise<Filling> {
  const { stdout } = await java.run('biquorum.clients.FillBroker', [broker.bootstrap, `${seed}`, prefix]);
  const compacted = `${prefix}compacted`;
  const isCleaned = (text: string): boolean => text.includes(`${compacted} 0 `);
  await waitForFile(broker.dataDirectory, 'cleaner-offset-checkpoint', isCleaned, CLEANED_TIMEOUT_MS);
  return { compacted, records: parseRecords(stdout) };
}

/** What Apache's consumer reads of partition 0 of topics, from the start to the end. */
export async function consumeTopics(
  java: Java,
  broker: ApacheBroker,
  isolation: 'read_committed' | 'read_uncommitted',
  topics: readonly string[],
): Promise<readonly ConsumedRecord[]> {
  const { stdout } = await java.run('biquorum.clients.ReadTopics', [broker.bootstrap, isolation, ...topics]);
  return parseRecords(stdout);
}

function parseRecords<T>(lines: string): readonly T[] {
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}
