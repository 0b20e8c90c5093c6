import type { Disk, Ports } from '@biquorum/platform';
import { DataDirectory } from '../../../src/storage/data-directory.ts';
import { LogAppender } from '../../../src/storage/log-appender.ts';
import { type Recovered, recover } from '../../../src/storage/recover.ts';
import { recoverLog } from '../../../src/storage/recover-log.ts';
import { State } from './state.ts';

export const DATA = '/srv/zookeeper';
export const LOGS = `${DATA}/version-2`;

export function openDirectory(disk: Disk): Promise<DataDirectory> {
  return DataDirectory.open({ disk, dataDir: DATA });
}

export function appender(directory: DataDirectory, preAllocBytes = 4096): LogAppender {
  return new LogAppender({ disk: directory.disk, directory: directory.logs, preAllocBytes, sizeLimitBytes: -1 });
}

/** What the log holds from a transaction on. */
export async function readLog(directory: DataDirectory, from = 0): Promise<{ zxid: number; payload: string }[]> {
  const found: { zxid: number; payload: string }[] = [];
  await recoverLog(directory, from, ({ zxid, payload }) => void found.push({ zxid, payload: hex(payload) }));
  return found;
}

/** The state that a server would start with. */
export async function recovered(
  ports: Ports,
  directory: DataDirectory,
  options: { readonly trustEmptySnapshot?: boolean; readonly autocreateDb?: boolean } = {},
): Promise<{ state: State; found: Recovered }> {
  const state = new State();
  const found = await recover(directory, ports, state, { trustEmptySnapshot: false, autocreateDb: true, ...options });
  state.lastZxid = found.lastZxid;
  return { state, found };
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
