import { cpSync } from 'node:fs';
import { join } from 'node:path';
import type { Java } from '../java/java.ts';
import { ApacheBroker } from './broker.ts';
import { waitForFile } from './wait-for-file.ts';

/** A record that Apache's broker acknowledged; bytes in base64. Source: `FillBroker.java`. */
export interface AcknowledgedRecord {
  readonly topic: string;
  readonly offset: number;
  readonly timestamp: number;
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: readonly (readonly [key: string, value: string | null])[];
  /** Whether its transaction, if it had one, was committed. */
  readonly committed: boolean;
}

/** A log directory that Apache's broker left behind, and what it had acknowledged by then. */
export interface LogScene {
  readonly directory: string;
  readonly records: readonly AcknowledgedRecord[];
  /** Name of the topic that was compacted. */
  readonly compacted: string;
}

/** The same topics from one broker, once after a clean shutdown and once after kill -9. */
export interface LogScenes {
  readonly stopped: LogScene;
  readonly killed: LogScene;
}

const CLEANED_TIMEOUT_MS = 60_000;

/** Lets Apache's broker write log directories: topics with each codec, producer and policy (see `FillBroker.java`). */
export async function makeLogScenes(java: Java, directory: string, seed: number): Promise<LogScenes> {
  await using broker = await ApacheBroker.prepare(java, join(directory, 'broker'), {
    'log.cleaner.backoff.ms': 100,
    'log.initial.task.delay.ms': 100,
  });
  const fill = async (prefix: string): Promise<Omit<LogScene, 'directory'>> => {
    await broker.start();
    const { stdout } = await java.run('biquorum.clients.FillBroker', [broker.bootstrap, `${seed}`, prefix]);
    const compacted = `${prefix}compacted`;
    const isCleaned = (text: string): boolean => text.includes(`${compacted} 0 `);
    await waitForFile(broker.dataDirectory, 'cleaner-offset-checkpoint', isCleaned, CLEANED_TIMEOUT_MS);
    const lines = stdout.split('\n').filter((line) => line !== '');
    return { compacted, records: lines.map((line) => JSON.parse(line)) };
  };
  const beforeStop = await fill('stopped-');
  await broker.stop();
  const stopped = { ...beforeStop, directory: join(directory, 'stopped') };
  cpSync(broker.dataDirectory, stopped.directory, { recursive: true });
  const beforeKill = await fill('killed-');
  await broker.kill();
  // Not copied: indexes are preallocated as long as a broker runs, and a copy would fill their holes.
  const killed = { ...beforeKill, directory: broker.dataDirectory };
  return { stopped, killed };
}
