import { adler32, ByteReader, BytesError } from '@biquorum/std';
import { type Acl, acls, SNAPSHOT_SIGNATURE, type Zxid } from '@biquorum/zookeeper-wire';
import type { SnapshotNode } from '../tree/data-tree.ts';

/** What is told of a snapshot while it is read. */
export interface SnapshotVisitor {
  session(sessionId: bigint, timeoutMs: number): void;
  acl(index: number, list: readonly Acl[]): void;
  /** The data is a view that holds during the call. @returns False when the node's parent has not come before it. */
  node(node: SnapshotNode): boolean;
}

/** What stands behind the nodes of a snapshot file. */
export interface SnapshotTrailer {
  /** The digest of the tree after the transaction `zxid`, the last one when the file was ended; null when there is none. */
  readonly digest: { readonly zxid: Zxid; readonly version: number; readonly value: bigint } | null;
  /** The last transaction when the file was ended; null when it was written before 3.9. */
  readonly lastZxid: Zxid | null;
  /** How many bytes header and body have. */
  readonly bodyEnd: number;
}

/** In what a snapshot comes: a file with header and seals, the body alone, or the stream between servers: body, signature. */
export type SnapshotForm = 'file' | 'body' | 'stream';

/** What a snapshot file begins with: "ZKSN", version 2, database −1. */
export const SNAPSHOT_HEADER: Uint8Array = Uint8Array.of(
  ...[0x5a, 0x4b, 0x53, 0x4e, 0, 0, 0, 2],
  ...[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
);
/** A seal: Adler-32 of all bytes before it, and "/". */
export const SEAL_BYTES = 13;

/** A snapshot that is not what it should be. */
export class SnapshotError extends Error {
  override readonly name = 'SnapshotError';
}

type Step = 'header' | 'session count' | 'sessions' | 'acl count' | 'acls' | 'nodes' | 'seals' | 'end';

const SESSION_BYTES = 12;
const STAT_BYTES = 60;
const DIGEST_BYTES = 20;
/** What stands in a seal besides the checksum: the path "/", with its length. */
const SLASH: readonly number[] = [0, 0, 0, 1, 0x2f];

/**
 * Reads a snapshot that comes piece by piece. Nothing is kept of a piece but an element that it cuts in two. Source: Java
 * `FileSnap.deserialize`, `DataTree.deserialize`.
 */
export class SnapshotParser {
  readonly #form: SnapshotForm;
  readonly #visitor: SnapshotVisitor;
  #step: Step;
  /** What is not read yet. */
  #bytes: Uint8Array = new Uint8Array(0);
  #view: DataView = new DataView(this.#bytes.buffer);
  #at = 0;
  /** Up to here `#bytes` are in the checksum. */
  #summedTo = 0;
  #sum = 1;
  /** How many bytes there were before `#bytes`. */
  #before = 0;
  #left = 0;
  /** Values that stand between seals: none, a digest, the last zxid. */
  #seals = 0;
  #bodyEnd = 0;
  #digest: SnapshotTrailer['digest'] = null;
  #lastZxid: Zxid | null = null;

  constructor(form: SnapshotForm, visitor: SnapshotVisitor) {
    this.#form = form;
    this.#visitor = visitor;
    this.#step = form === 'file' ? 'header' : 'session count';
  }

  /** Takes bytes in; they are not needed any more when it returns. @throws SnapshotError */
  push(bytes: Uint8Array): void {
    const rest = this.#bytes.subarray(this.#at);
    this.#before += this.#at;
    if (rest.length === 0) this.#bytes = bytes;
    else {
      this.#bytes = new Uint8Array(rest.length + bytes.length);
      this.#bytes.set(rest);
      this.#bytes.set(bytes, rest.length);
    }
    this.#view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.length);
    this.#at = 0;
    this.#summedTo = 0;
    while (this.#next());
    this.#addToSum();
    // The caller's memory is the caller's again.
    this.#bytes = this.#bytes.slice(this.#at);
    this.#view = new DataView(this.#bytes.buffer);
    this.#before += this.#at;
    this.#at = 0;
    this.#summedTo = 0;
  }

  /** All bytes have come. @throws SnapshotError when that cannot be all. */
  finish(): SnapshotTrailer {
    const whole = this.#step === 'end' || (this.#step === 'seals' && this.#seals > 0);
    if (!whole || this.#bytes.length > 0) {
      throw new SnapshotError(`it ends at ${this.#before + this.#bytes.length}, among its ${this.#step}`);
    }
    return { digest: this.#digest, lastZxid: this.#lastZxid, bodyEnd: this.#bodyEnd };
  }

  /** Reads one element. @returns False when it is not all there. */
  #next(): boolean {
    switch (this.#step) {
      case 'header':
        return this.#header();
      case 'session count':
        return this.#count('sessions');
      case 'sessions':
        return this.#session();
      case 'acl count':
        return this.#count('acls');
      case 'acls':
        return this.#acl();
      case 'nodes':
        return this.#node();
      case 'seals':
        return this.#form === 'file' ? this.#seal() : this.#signature();
      case 'end':
        if (this.#has(1)) throw this.#wrong('bytes follow the end');
        return false;
    }
  }

  #header(): boolean {
    if (!this.#has(SNAPSHOT_HEADER.length)) return false;
    // The database's id may be another.
    if (!SNAPSHOT_HEADER.subarray(0, 8).every((byte, at) => this.#bytes[at] === byte)) {
      throw this.#wrong('it does not begin as a snapshot of version 2 does');
    }
    this.#at += SNAPSHOT_HEADER.length;
    this.#step = 'session count';
    return true;
  }

  #count(of: 'sessions' | 'acls'): boolean {
    if (!this.#has(4)) return false;
    this.#left = this.#view.getInt32(this.#at);
    if (this.#left < 0) throw this.#wrong(`${this.#left} ${of}`);
    this.#at += 4;
    this.#step = of;
    return true;
  }

  #session(): boolean {
    if (this.#left === 0) {
      this.#step = 'acl count';
      return true;
    }
    if (!this.#has(SESSION_BYTES)) return false;
    this.#visitor.session(this.#view.getBigInt64(this.#at), this.#view.getInt32(this.#at + 8));
    this.#at += SESSION_BYTES;
    this.#left--;
    return true;
  }

  #acl(): boolean {
    if (this.#left === 0) {
      this.#step = 'nodes';
      return true;
    }
    const length = this.#aclBytes();
    if (length === -1) return false;
    try {
      const reader = new ByteReader(this.#bytes, this.#at, this.#at + length);
      this.#visitor.acl(reader.i64(), acls.read(reader));
    } catch (error) {
      throw error instanceof BytesError ? this.#wrong(error.message) : error;
    }
    this.#at += length;
    this.#left--;
    return true;
  }

  /** How long the next list of ACLs is with its index; −1 when it is not all there. */
  #aclBytes(): number {
    if (!this.#has(12)) return -1;
    const count = this.#view.getInt32(this.#at + 8);
    let length = 12;
    for (let entry = 0; entry < count; entry++) {
      length += 4;
      for (let text = 0; text < 2; text++) {
        if (!this.#has(length + 4)) return -1;
        length += 4 + this.#lengthAt(this.#at + length, -1);
      }
    }
    return this.#has(length) ? length : -1;
  }

  #node(): boolean {
    if (!this.#has(4)) return false;
    const pathBytes = this.#lengthAt(this.#at, 0);
    const pathAt = this.#at + 4;
    if (!this.#has(4 + pathBytes)) return false;
    if (pathBytes === 1 && this.#bytes[pathAt] === SLASH[4]) {
      this.#at = pathAt + pathBytes;
      this.#addToSum();
      this.#bodyEnd = this.#before + this.#at;
      this.#step = this.#form === 'body' ? 'end' : 'seals';
      return true;
    }
    if (!this.#has(8 + pathBytes)) return false;
    const dataLength = this.#view.getInt32(pathAt + pathBytes);
    const dataBytes = this.#lengthAt(pathAt + pathBytes, -1);
    if (!this.#has(8 + pathBytes + dataBytes + 8 + STAT_BYTES)) return false;
    const reader = new ByteReader(this.#bytes, pathAt, this.#bytes.length, this.#view);
    try {
      const path = reader.utf8(pathBytes, 'replace');
      reader.offset += 4;
      const data = reader.take(dataBytes);
      const node = readNode(reader, path, dataLength === -1 ? null : data);
      if (!this.#visitor.node(node)) throw this.#wrong(`${path} is there twice, or its parent is not`);
    } catch (error) {
      throw error instanceof BytesError ? this.#wrong(error.message) : error;
    }
    this.#at = reader.offset;
    return true;
  }

  /** A seal, and what stands before it. The first may be followed by a digest, the last zxid, or both. */
  #seal(): boolean {
    const value = this.#seals === 0 ? 0 : this.#trailerBytes();
    if (value === -1 || !this.#has(value + SEAL_BYTES)) return false;
    const reader = new ByteReader(this.#bytes, this.#at, this.#at + value);
    if (value === DIGEST_BYTES) this.#digest = readDigest(reader);
    else if (value > 0) this.#lastZxid = readZxid(reader);
    this.#at += value;
    this.#addToSum();
    const sum = this.#view.getUint32(this.#at + 4);
    if (this.#view.getUint32(this.#at) !== 0 || sum !== this.#sum) {
      throw this.#wrong(`its checksum is ${this.#sum}, not ${sum}`);
    }
    if (!SLASH.every((byte, at) => this.#bytes[this.#at + 8 + at] === byte)) throw this.#wrong('a seal is broken');
    this.#at += SEAL_BYTES;
    this.#addToSum();
    this.#seals++;
    return true;
  }

  /** Which value comes next is seen by where its seal ends. */
  #trailerBytes(): number {
    if (this.#seals > 2 && this.#has(1)) throw this.#wrong('bytes follow the last seal');
    for (const length of this.#seals === 1 ? [DIGEST_BYTES, 8] : [8]) {
      const at = this.#at + length + 8;
      if (this.#has(length + SEAL_BYTES) && SLASH.every((byte, offset) => this.#bytes[at + offset] === byte))
        return length;
    }
    if (this.#has(DIGEST_BYTES + SEAL_BYTES)) throw this.#wrong('what follows the seal is none of the known values');
    return -1;
  }

  #signature(): boolean {
    const length = 4 + SNAPSHOT_SIGNATURE.length;
    if (!this.#has(length)) return false;
    const reader = new ByteReader(this.#bytes, this.#at + 4, this.#at + length);
    if (this.#view.getInt32(this.#at) !== SNAPSHOT_SIGNATURE.length || reader.utf8(length - 4) !== SNAPSHOT_SIGNATURE) {
      throw this.#wrong('its signature is wrong');
    }
    this.#at += length;
    this.#step = 'end';
    return true;
  }

  #has(length: number): boolean {
    return this.#bytes.length - this.#at >= length;
  }

  /** The length that stands at a position; −1 counts as 0 where null is allowed. */
  #lengthAt(position: number, least: number): number {
    const length = this.#view.getInt32(position);
    if (length < least) throw this.#wrong(`a length of ${length}`);
    return Math.max(0, length);
  }

  #addToSum(): void {
    if (this.#form === 'file') this.#sum = adler32(this.#bytes.subarray(this.#summedTo, this.#at), this.#sum);
    this.#summedTo = this.#at;
  }

  #wrong(detail: string): SnapshotError {
    return new SnapshotError(`at ${this.#before + this.#at}, among its ${this.#step}: ${detail}`);
  }
}

function readNode(reader: ByteReader, path: string, data: Uint8Array | null): SnapshotNode {
  const aclIndex = reader.i64();
  const czxid = reader.i64();
  const mzxid = reader.i64();
  const ctimeMs = reader.i64();
  const mtimeMs = reader.i64();
  const version = reader.i32();
  const cversion = reader.i32();
  const aversion = reader.i32();
  const ephemeralOwner = reader.i64Big();
  const pzxid = reader.i64();
  return {
    path,
    data,
    aclIndex,
    stat: { czxid, mzxid, ctimeMs, mtimeMs, version, cversion, aversion, ephemeralOwner, pzxid },
  };
}

function readDigest(reader: ByteReader): SnapshotTrailer['digest'] {
  const zxid = readZxid(reader);
  const version = reader.i32();
  const value = reader.i64Big();
  return zxid === 0 ? null : { zxid, version, value };
}

/** A number that is no zxid is caught by the seal; it must not be taken for one before. */
function readZxid(reader: ByteReader): Zxid {
  const value = reader.i64Big();
  return value >= 0n && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : 0;
}
