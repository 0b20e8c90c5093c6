import type { Zxid } from '@biquorum/zookeeper-wire';

/** `snapshot.compression.method`: how snapshots are compressed; it stands at the end of their names. */
export type SnapshotCompression = 'none' | 'gz' | 'snappy';

/** A snapshot as its name tells it: the state holds every transaction up to `zxid`, and perhaps later ones. */
export interface SnapshotName {
  readonly name: string;
  readonly zxid: Zxid;
  readonly compression: SnapshotCompression;
}

/** A file of the transaction log; `zxid` is that of its first transaction. */
export interface LogName {
  readonly name: string;
  readonly zxid: Zxid;
}

/** The name of the log file whose first transaction is this one. */
export function logName(zxid: Zxid): string {
  return `log.${zxid.toString(16)}`;
}

/** The name of a snapshot. */
export function snapshotName(zxid: Zxid, compression: SnapshotCompression = 'none'): string {
  return `snapshot.${zxid.toString(16)}${compression === 'none' ? '' : `.${compression}`}`;
}

/** The log file that a name stands for; null when it is none. */
export function logOf(name: string): LogName | null {
  const zxid = hexOf(/^log\.([0-9a-f]+)$/.exec(name)?.[1]);
  return zxid === null ? null : { name, zxid };
}

/** The snapshot that a name stands for; null when it is none. */
export function snapshotOf(name: string): SnapshotName | null {
  const match = /^snapshot\.([0-9a-f]+)(?:\.(gz|snappy))?$/.exec(name);
  const zxid = hexOf(match?.[1]);
  if (zxid === null) return null;
  return { name, zxid, compression: (match?.[2] as 'gz' | 'snappy' | undefined) ?? 'none' };
}

function hexOf(text: string | undefined): Zxid | null {
  const zxid = text === undefined ? Number.NaN : Number.parseInt(text, 16);
  return Number.isSafeInteger(zxid) ? zxid : null;
}
