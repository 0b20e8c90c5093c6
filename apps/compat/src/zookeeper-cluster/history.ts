import { dirname } from 'node:path';
import type { ApacheZooKeeper } from '../apache/zookeeper.ts';
import type { Java } from '../java/java.ts';

/** A write that a server carried out, or a multi that it refused; those of one multi have one zxid. */
export interface HistoricWrite {
  readonly zxid: number;
  /** When, in ms since 1970 by the server's clock. */
  readonly time: number;
  /** Who wrote, in hexadecimal digits. */
  readonly session: string;
  readonly kind: 'create' | 'set' | 'delete' | 'check' | 'close' | 'refused';
  /** Absent at the end of a session, and of a multi that was refused. */
  readonly path?: string;
  /** What was written; null for nothing. */
  readonly data?: string | null;
  /** That a change has led to, or that was checked. */
  readonly version?: number;
  readonly ephemeral?: boolean;
  /** Why a multi was refused, as ZooKeeper's `KeeperException.Code` names it. */
  readonly error?: string;
  /** What goes with a session. */
  readonly paths?: readonly string[];
}

/** All writes that a server has carried out so far, in order, from its own transaction log. */
export async function readHistory(java: Java, zookeeper: ApacheZooKeeper): Promise<readonly HistoricWrite[]> {
  const [first] = zookeeper.transactionLogs;
  return first === undefined ? [] : readLogs(java, dirname(first));
}

/** All writes of the transaction logs of a directory, in order. */
export async function readLogs(java: Java, directory: string): Promise<readonly HistoricWrite[]> {
  const { stdout } = await java.run('biquorum.zookeeper.ReadHistory', [directory]);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}
