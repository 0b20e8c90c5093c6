import { ByteWriter } from '@biquorum/std';
import { type Acl, acls, SNAPSHOT_SIGNATURE, type Zxid } from '@biquorum/zookeeper-wire';
import type { DataTree, SnapshotNode } from '../tree/data-tree.ts';

/** The state of a server that a snapshot is made of. */
export interface SnapshotSource {
  readonly tree: DataTree;
  /** The last transaction that was applied. */
  readonly lastZxid: Zxid;
  /** Global sessions with their timeouts in milliseconds. */
  sessions(): Iterable<readonly [sessionId: bigint, timeoutMs: number]>;
}

/** A slice is given out when it has so many bytes. */
const SLICE_BYTES = 64 * 1024;
/** One node can be a megabyte long; memory for it is not kept. */
const SLICE_BYTES_KEPT = 4 * SLICE_BYTES;

/**
 * The body of a snapshot, in slices: sessions, the list of ACLs, nodes, "/". Transactions may be applied between two
 * slices: the snapshot is then fuzzy, and a replay of the log from where it was begun makes it whole. Each slice is a
 * view that holds until the next step. Source: Java `SerializeUtils.serializeSnapshot`.
 */
export function* snapshotBody(source: SnapshotSource): Generator<Uint8Array, void, void> {
  let writer = new ByteWriter({ initialBytes: SLICE_BYTES + SLICE_BYTES / 4 });
  // Before all nodes: an ephemeral whose session is younger than this list is there again after the replay.
  const sessions = [...source.sessions()];
  const lists = [...source.tree.acls.entries()];
  writer.i32(sessions.length);
  for (const [sessionId, timeoutMs] of sessions) {
    writer.i64Big(sessionId);
    writer.i32(timeoutMs);
    if (writer.position >= SLICE_BYTES) {
      yield writer.finish();
      writer.reset();
    }
  }
  writer.i32(lists.length);
  for (const [index, list] of lists) writeAcl(writer, index, list);
  for (const node of source.tree.entries()) {
    writeNode(writer, node);
    if (writer.position < SLICE_BYTES) continue;
    yield writer.finish();
    if (writer.position > SLICE_BYTES_KEPT) writer = new ByteWriter({ initialBytes: SLICE_BYTES + SLICE_BYTES / 4 });
    else writer.reset();
  }
  writeText(writer, '/');
  yield writer.finish();
}

/** A snapshot as a leader sends it to a learner, in slices: the body and a signature, without header and checksums. */
export function* snapshotStream(source: SnapshotSource): Generator<Uint8Array, void, void> {
  yield* snapshotBody(source);
  const writer = new ByteWriter();
  writeText(writer, SNAPSHOT_SIGNATURE);
  yield writer.finish();
}

function writeAcl(writer: ByteWriter, index: number, list: readonly Acl[]): void {
  writer.i64(index);
  acls.write(writer, list);
}

function writeNode(writer: ByteWriter, { path, data, aclIndex, stat }: SnapshotNode): void {
  writeText(writer, path);
  if (data === null) writer.i32(-1);
  else {
    writer.i32(data.length);
    writer.bytesOf(data);
  }
  writer.i64(aclIndex);
  writer.i64(stat.czxid);
  writer.i64(stat.mzxid);
  writer.i64(stat.ctimeMs);
  writer.i64(stat.mtimeMs);
  writer.i32(stat.version);
  writer.i32(stat.cversion);
  writer.i32(stat.aversion);
  writer.i64Big(stat.ephemeralOwner);
  writer.i64(stat.pzxid);
}

function writeText(writer: ByteWriter, text: string): void {
  const at = writer.reserve(4);
  writer.patchI32(at, writer.utf8(text));
}
