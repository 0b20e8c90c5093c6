import { StorageError } from '@biquorum/consensus';
import type { Clock, Telemetry, Timers } from '@biquorum/platform';
import { ByteReader, BytesError } from '@biquorum/std';
import { loggedTxn, type Zxid } from '@biquorum/zookeeper-wire';
import { applyTxn } from '../tree/apply-txn.ts';
import type { DataDirectory } from './data-directory.ts';
import { recoverLog } from './recover-log.ts';
import { clearTarget, DigestCheck, loadNewestSnapshot, type SnapshotTarget } from './restore.ts';

/** What is allowed when files are missing. */
export interface RecoveryOptions {
  /** `zookeeper.snapshot.trust.empty`: a log without any snapshot is replayed over an empty tree. */
  readonly trustEmptySnapshot: boolean;
  /** `zookeeper.db.autocreate`: a server without any files begins with an empty tree; else it needs `initialize`. */
  readonly autocreateDb: boolean;
}

/** What was found. */
export interface Recovered {
  readonly lastZxid: Zxid;
  /** The zxid of the snapshot that it began with; null when there was none. */
  readonly snapshotZxid: Zxid | null;
  /** How many transactions were replayed over it. */
  readonly replayed: number;
  readonly snapshotMs: number;
  readonly logMs: number;
  /** How often the tree was not what the log says. */
  readonly digestMismatches: number;
}

/**
 * Rebuilds a server's state: the newest whole snapshot, and the log from there on. Source: Java
 * `FileTxnSnapLog.restore`.
 *
 * @throws StorageError as a rejection when something that was there is missing or damaged.
 */
export async function recover(
  directory: DataDirectory,
  ports: {
    readonly clock: Pick<Clock, 'monotonicMs'>;
    readonly timers: Pick<Timers, 'soon'>;
    readonly telemetry: Pick<Telemetry, 'log'>;
  },
  target: SnapshotTarget,
  options: RecoveryOptions,
): Promise<Recovered> {
  const startMs = ports.clock.monotonicMs();
  const snapshot = await loadNewestSnapshot(directory, ports.timers, target);
  for (const damaged of snapshot?.damaged ?? []) ports.telemetry.log('warn', 'snapshot is damaged', damaged);
  const base = snapshot?.zxid ?? 0;
  const check = new DigestCheck(target.tree, base, snapshot?.trailer ?? null);
  const sessions = {
    created: (sessionId: bigint, timeoutMs: number) => target.addSession(sessionId, timeoutMs),
    closed: (sessionId: bigint) => target.removeSession(sessionId),
  };
  const readMs = ports.clock.monotonicMs();
  let lastZxid = base;
  let replayed = 0;
  await recoverLog(directory, base + 1, ({ zxid, payload }, { name }) => {
    if (snapshot === null && !options.trustEmptySnapshot) throw missingSnapshot(directory);
    lastZxid = zxid;
    try {
      // What is made of it must not hold on to the memory that a window of the file is read into.
      const txn = loggedTxn.read(new ByteReader(payload.slice()));
      applyTxn(target.tree, sessions, txn);
      check.applied(zxid, txn.digest);
    } catch (error) {
      if (!(error instanceof BytesError)) throw error;
      ports.telemetry.log('error', 'a transaction cannot be read; it changes nothing', { file: name, zxid, error });
    }
    replayed++;
  });
  const initialize = await directory.takeInitialize();
  if (snapshot === null && replayed === 0) {
    if (!options.autocreateDb && !initialize) throw missingDatabase(directory);
    clearTarget(target);
    target.tree.finishRestore();
  }
  if (check.mismatches > 0) {
    ports.telemetry.log('error', 'digests of the log do not fit the tree', { mismatches: check.mismatches });
  }
  return {
    lastZxid,
    snapshotZxid: snapshot?.zxid ?? null,
    replayed,
    snapshotMs: readMs - startMs,
    logMs: ports.clock.monotonicMs() - readMs,
    digestMismatches: check.mismatches,
  };
}

/** There are transactions, and nothing that they could be replayed over. */
export function missingSnapshot(directory: DataDirectory): StorageError {
  return new StorageError(
    directory.snapshots,
    'there is a transaction log, and no snapshot to replay it over',
    'bring the snapshot back; after an upgrade from 3.4 set zookeeper.snapshot.trust.empty=true for one start',
  );
}

function missingDatabase(directory: DataDirectory): StorageError {
  return new StorageError(
    directory.root,
    'there is no data, and zookeeper.db.autocreate is false',
    'bring the data back; for a new server make an empty file named initialize in dataDir',
  );
}
