import { StorageError } from '@biquorum/consensus';
import { type Disk, DiskError, type DiskFile, type Timers } from '@biquorum/platform';
import { adler32, ByteWriter } from '@biquorum/std';
import type { Zxid } from '@biquorum/zookeeper-wire';
import { DIGEST_VERSION } from '../tree/digest.ts';
import type { DataDirectory } from './data-directory.ts';
import { type SnapshotCompression, type SnapshotName, snapshotName } from './file-names.ts';
import { START_WITH_OLDER } from './remedies.ts';
import { type SnapshotSource, snapshotBody } from './snapshot-body.ts';
import { snapshotCodec } from './snapshot-codec.ts';
import {
  SEAL_BYTES,
  SNAPSHOT_HEADER,
  SnapshotError,
  SnapshotParser,
  type SnapshotTrailer,
  type SnapshotVisitor,
} from './snapshot-parser.ts';

/** How snapshots are written. */
export interface SnapshotWriting {
  /** `snapshot.compression.method`. */
  readonly compression: SnapshotCompression;
  /** `zookeeper.digest.enabled`: the tree's digest stands at the end. */
  readonly digest: boolean;
  /** `zookeeper.serializeLastProcessedZxid.enabled`: the last zxid stands at the end; servers before 3.9 ignore it. */
  readonly lastZxid: boolean;
}

/** What one snapshot is told. */
export interface SnapshotRun {
  /** Its name; by default the last transaction that was applied. */
  readonly zxid?: Zxid;
  /** Asked between slices: whether to give it up. */
  readonly cancelled?: () => boolean;
  /** Waited for before the snapshot is put in place: until the log holds all that the state may be ahead of its name. */
  readonly durable?: () => Promise<void>;
}

/** A snapshot that is in place. */
export interface WrittenSnapshot extends SnapshotName {
  /** How many bytes the file has. */
  readonly size: number;
  /** How many bytes header and body have, before compression. */
  readonly bodyEnd: number;
}

const READ_BYTES = 1024 * 1024;
/** Bytes handed to the system before they are synced: so that no sync of the log waits long behind them. */
const SYNC_EVERY_BYTES = 8 * 1024 * 1024;
/** Smaller pieces are gathered before they are compressed. */
const PIECE_BYTES = 256 * 1024;
/** What a compressed snapshot may hold. */
const DECOMPRESSED_BYTES_MAX = 0x7fff_ffff;
/** The shortest file that can be a snapshot, by Java's test. */
const BYTES_MIN = 10;
const VALID_END: readonly number[] = [0, 0, 0, 1, 0x2f];

/**
 * Writes a snapshot of what is being changed meanwhile, in slices; between two of them the loop turns. The name says up
 * to which transaction the state was complete when it began.
 *
 * @returns Null when it was given up.
 */
export async function writeSnapshot(
  directory: DataDirectory,
  timers: Pick<Timers, 'soon'>,
  source: SnapshotSource,
  writing: SnapshotWriting,
  { zxid = source.lastZxid, cancelled = () => false, durable = async () => {} }: SnapshotRun = {},
): Promise<WrittenSnapshot | null> {
  const name = snapshotName(zxid, writing.compression);
  const path = `${directory.snapshots}/${name}`;
  const temporary = `${path}.tmp`;
  await removeIfThere(directory.disk, temporary);
  const out = new SnapshotOutput(directory.disk.open(temporary, 'create'), writing.compression);
  try {
    out.write(SNAPSHOT_HEADER);
    for (const slice of snapshotBody(source)) {
      out.write(slice);
      await out.pause(timers);
      if (cancelled()) break;
    }
    const bodyEnd = out.rawBytes;
    if (!cancelled()) {
      out.seal();
      if (writing.digest) out.writeDigest(source);
      if (writing.lastZxid) out.writeLastZxid(source.lastZxid);
      await out.finish();
    }
    await out.close();
    if (!cancelled()) await durable();
    if (cancelled()) {
      await directory.disk.remove(temporary);
      return null;
    }
    await directory.disk.rename(temporary, path);
    await directory.disk.syncDirectory(directory.snapshots);
    return { name, zxid, compression: writing.compression, size: out.fileBytes, bodyEnd };
  } catch (error) {
    await out.close().catch(() => {});
    // A full disk must not keep what is of no use.
    await removeIfThere(directory.disk, temporary).catch(() => {});
    throw error;
  }
}

/**
 * Seals a body that lies in a file behind a snapshot's header, as a learner receives it, and checks it.
 *
 * @returns Null when it is no snapshot.
 */
export async function sealReceived(
  file: DiskFile,
  timers: Pick<Timers, 'soon'>,
  visitor: SnapshotVisitor,
): Promise<{ readonly bodyEnd: number } | null> {
  const parser = new SnapshotParser('body', visitor);
  const size = file.size();
  let sum = adler32(SNAPSHOT_HEADER);
  try {
    for (let at = SNAPSHOT_HEADER.length; at < size; at += READ_BYTES) {
      const bytes = new Uint8Array(Math.min(READ_BYTES, size - at));
      await file.read(at, bytes);
      parser.push(bytes);
      sum = adler32(bytes, sum);
      await turn(timers);
    }
    parser.finish();
  } catch (error) {
    if (error instanceof SnapshotError) return null;
    throw error;
  }
  file.write(size, [sealOf(sum)]);
  await file.sync();
  return { bodyEnd: size };
}

/**
 * Reads a snapshot.
 *
 * @throws SnapshotError as a rejection when it is damaged, DiskError.
 */
export async function readSnapshotFile(
  directory: DataDirectory,
  { name, compression }: SnapshotName,
  timers: Pick<Timers, 'soon'>,
  visitor: SnapshotVisitor,
): Promise<SnapshotTrailer> {
  const parser = new SnapshotParser('file', visitor);
  const codec = snapshotCodec(compression);
  const path = `${directory.snapshots}/${name}`;
  if (codec !== null) {
    const bytes = await readDecompressed(directory, { name, compression });
    for (let at = 0; at < bytes.length; at += READ_BYTES) {
      parser.push(bytes.subarray(at, at + READ_BYTES));
      await turn(timers);
    }
    return parser.finish();
  }
  const file = directory.disk.open(path, 'read');
  try {
    const size = file.size();
    const window = new Uint8Array(Math.min(READ_BYTES, size));
    for (let at = 0; at < size; at += window.length) {
      const bytes = window.subarray(0, Math.min(window.length, size - at));
      await file.read(at, bytes);
      parser.push(bytes);
    }
    return parser.finish();
  } finally {
    await file.close();
  }
}

/** All bytes of a compressed snapshot. @throws SnapshotError as a rejection when it is damaged. */
export async function readDecompressed(
  directory: DataDirectory,
  { name, compression }: Pick<SnapshotName, 'name' | 'compression'>,
): Promise<Uint8Array> {
  const bytes = await directory.disk.readWhole(`${directory.snapshots}/${name}`, DECOMPRESSED_BYTES_MAX);
  try {
    return snapshotCodec(compression)?.decompress(bytes, DECOMPRESSED_BYTES_MAX) ?? bytes;
  } catch (error) {
    throw new SnapshotError(error instanceof Error ? error.message : String(error));
  }
}

/**
 * Snapshots that look whole, newest first: they have the end that a finished one has. A compressed one is taken at its
 * first bytes. Source: Java `SnapStream.isValidSnapshot`.
 */
export async function plausibleSnapshots(directory: DataDirectory, most: number): Promise<SnapshotName[]> {
  const found: SnapshotName[] = [];
  for (const snapshot of await directory.snapshotFiles()) {
    if (found.length === most) break;
    if (await looksWhole(directory, snapshot)) found.push(snapshot);
  }
  return found;
}

async function looksWhole(directory: DataDirectory, { name, compression }: SnapshotName): Promise<boolean> {
  const file = directory.disk.open(`${directory.snapshots}/${name}`, 'read');
  try {
    const size = file.size();
    if (compression !== 'none') return size > 0;
    const end = new Uint8Array(VALID_END.length);
    return (
      size >= BYTES_MIN &&
      (await file.read(size - end.length, end)) === end.length &&
      VALID_END.every((byte, at) => end[at] === byte)
    );
  } finally {
    await file.close();
  }
}

/** Damage of a snapshot that is needed. */
export function damagedSnapshot(directory: DataDirectory, name: string, error: SnapshotError): StorageError {
  return new StorageError(
    `${directory.snapshots}/${name}`,
    `the snapshot is damaged: ${error.message}`,
    START_WITH_OLDER,
  );
}

/** Removes a file that may be missing. */
export async function removeIfThere(disk: Disk, path: string): Promise<void> {
  try {
    await disk.remove(path);
  } catch (error) {
    if (!(error instanceof DiskError && error.code === 'not-found')) throw error;
  }
}

/** Lets the loop turn once. */
export function turn(timers: Pick<Timers, 'soon'>): Promise<void> {
  return new Promise((resolve) => timers.soon(resolve));
}

/** A snapshot's file while it is written. */
class SnapshotOutput {
  readonly #file: DiskFile;
  readonly #codec: ReturnType<typeof snapshotCodec>;
  #sum = 1;
  #synced = 0;
  /** What waits to be compressed. */
  #piece: ByteWriter = new ByteWriter();
  rawBytes = 0;
  fileBytes = 0;

  constructor(file: DiskFile, compression: SnapshotCompression) {
    this.#file = file;
    this.#codec = snapshotCodec(compression);
  }

  write(bytes: Uint8Array): void {
    this.#sum = adler32(bytes, this.#sum);
    this.rawBytes += bytes.length;
    if (this.#codec === null) this.#put(bytes);
    else {
      this.#piece.bytesOf(bytes);
      if (this.#piece.position >= PIECE_BYTES) this.#compress();
    }
  }

  seal(): void {
    this.write(sealOf(this.#sum));
  }

  /** The digest after the last transaction: who replays the log up to it must come to the same. */
  writeDigest({ lastZxid, tree }: SnapshotSource): void {
    const writer = new ByteWriter();
    writer.i64(lastZxid);
    writer.i32(DIGEST_VERSION);
    writer.i64Big(lastZxid === 0 ? 0n : tree.digest);
    this.write(writer.finish());
    this.seal();
  }

  writeLastZxid(zxid: Zxid): void {
    const writer = new ByteWriter();
    writer.i64(zxid);
    this.write(writer.finish());
    this.seal();
  }

  async pause(timers: Pick<Timers, 'soon'>): Promise<void> {
    if (this.fileBytes - this.#synced >= SYNC_EVERY_BYTES) {
      this.#synced = this.fileBytes;
      await this.#file.sync();
    } else await turn(timers);
  }

  async finish(): Promise<void> {
    if (this.#piece.position > 0) this.#compress();
    await this.#file.sync();
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  #compress(): void {
    this.#put(this.#codec?.compress(this.#piece.finish()) ?? this.#piece.finish());
    this.#piece.reset();
  }

  #put(bytes: Uint8Array): void {
    this.#file.write(this.fileBytes, [bytes]);
    this.fileBytes += bytes.length;
  }
}

function sealOf(sum: number): Uint8Array {
  const seal = new Uint8Array(SEAL_BYTES);
  new DataView(seal.buffer).setUint32(4, sum);
  seal.set(VALID_END, 8);
  return seal;
}
