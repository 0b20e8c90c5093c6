import { StorageError } from '@biquorum/consensus';
import type { Zxid } from '@biquorum/zookeeper-wire';
import type { DataDirectory } from './data-directory.ts';
import type { LogName } from './file-names.ts';
import { LOG_HEADER } from './log-format.ts';
import { BRING_BACK } from './remedies.ts';
import { isBlank, type LogRecord, walkLog } from './walk-log.ts';

/**
 * Reads the log from a transaction on, and makes it fit to be gone on with: what a crash left of an unfinished write is
 * cut off, so that Java can read the file as well, and all that is read is on the disk afterwards. A transaction that
 * stands there twice is told once. Files that end before it are not looked at.
 *
 * @param passed told of those before it that are in the same file
 * @returns The files that hold something, oldest first, beginning with the one that covers `from`.
 * @throws StorageError as a rejection when what may have been acknowledged cannot be read.
 */
export async function recoverLog(
  directory: DataDirectory,
  from: Zxid,
  visit: (record: LogRecord, file: LogName) => void,
  passed: (record: LogRecord, file: LogName) => void = () => {},
): Promise<LogName[]> {
  const files = filesFrom(await directory.logFiles(), from);
  const whole: LogName[] = [];
  let last = -1;
  for (const [index, file] of files.entries()) {
    const newest = index === files.length - 1;
    const found = await recoverFile(directory, file, newest, (record) => {
      if (record.zxid <= last) return;
      last = record.zxid;
      if (record.zxid >= from) visit(record, file);
      else passed(record, file);
    });
    if (found) whole.push(file);
  }
  return whole;
}

/** The file that holds a transaction, and all that come after it. Source: Java `FileTxnLog.getLogFiles`. */
export function filesFrom(files: readonly LogName[], zxid: Zxid): readonly LogName[] {
  const covering = files.findLastIndex((file) => file.zxid <= zxid);
  return files.slice(Math.max(0, covering));
}

/**
 * Cuts the log behind a transaction: later files go first, the newest before all others, so that whatever a crash leaves
 * is a log without holes.
 */
export async function truncateLog(directory: DataDirectory, cut: Zxid): Promise<void> {
  const { disk, logs } = directory;
  const files = await directory.logFiles();
  const later = files.filter(({ zxid }) => zxid > cut);
  for (const { name } of later.reverse()) await disk.remove(`${logs}/${name}`);
  if (later.length > 0) await disk.syncDirectory(logs);
  const covering = files.filter(({ zxid }) => zxid <= cut).at(-1);
  if (covering === undefined) return;
  const file = disk.open(`${logs}/${covering.name}`, 'write');
  try {
    let end = 0;
    const { position, kind, detail } = await walkLog(file, ({ zxid, position: payloadAt, payload }) => {
      if (zxid > cut) return false;
      end = payloadAt + payload.length + 1;
      return undefined;
    });
    if (kind === 'damaged' || kind === 'headless') {
      throw new StorageError(
        file.path,
        `the log cannot be cut behind ${cut.toString(16)}: at ${position}: ${detail}`,
        BRING_BACK,
      );
    }
    if (end === 0) return;
    await file.truncate(end);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** @returns False when the file held nothing and was removed. */
async function recoverFile(
  directory: DataDirectory,
  { name }: LogName,
  newest: boolean,
  visit: (record: LogRecord) => undefined,
): Promise<boolean> {
  const { disk, logs } = directory;
  const path = `${logs}/${name}`;
  const file = disk.open(path, 'write');
  try {
    const end = await walkLog(file, visit);
    const blank = end.kind === 'headless' ? await isBlank(file) : end.position === LOG_HEADER.length;
    if (newest && blank && end.kind !== 'damaged') {
      // It was never written to, not even its header perhaps (ZOOKEEPER-2332); the next one may have its name.
      await disk.remove(path);
      await disk.syncDirectory(logs);
      return false;
    }
    // A file of ours is synced, and after a crash cut, before the next one is begun.
    const torn = end.kind === 'torn' && end.notes && !newest;
    if (end.kind === 'damaged' || end.kind === 'headless' || torn) {
      throw new StorageError(path, `at ${end.position}: ${end.detail}; it may have been acknowledged`, BRING_BACK);
    }
    if (newest && end.position < file.size()) await file.truncate(end.position);
    // What a killed process wrote may be in the page cache only, and this one is going to vouch for it.
    await file.sync();
    return true;
  } finally {
    await file.close();
  }
}
