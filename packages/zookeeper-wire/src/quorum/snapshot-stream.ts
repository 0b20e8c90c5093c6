import { BytesError } from '@biquorum/std';
import { ByteBacklog } from './byte-backlog.ts';

/** What stands behind a snapshot that a leader sends. */
export const SNAPSHOT_SIGNATURE = 'BenWasHere';

/** What a {@link SnapshotStreamScanner} allows. */
export interface SnapshotStreamLimits {
  /** Bytes of one path, one node's data, one scheme or identity. */
  readonly fieldBytesMax: number;
}

const FIELD_BYTES_MAX = 2 * 0xfffff;
const SESSION_BYTES = 12;
/** `StatPersisted`, with the ACL's number before it. */
const NODE_FIXED_BYTES = 8 + 60;

/** Where in the stream a scanner stands: what the next bytes are. */
type Place =
  | { readonly kind: 'sessions' }
  | { readonly kind: 'acls' }
  | { kind: 'acl'; left: number }
  | { kind: 'aclEntry'; entries: number; part: 'perms' | 'scheme' | 'id'; left: number }
  | { readonly kind: 'path' }
  | { readonly kind: 'data' }
  | { readonly kind: 'signature' }
  | { readonly kind: 'end' };

/**
 * Finds the end of a snapshot that a leader sends between two packets: the stream has no length, so its records are
 * walked through. What was walked over is handed on as it came. Source: Java `SerializeUtils.serializeSnapshot`,
 * `Learner.syncWithLeader`.
 */
export class SnapshotStreamScanner {
  readonly #fieldBytesMax: number;
  /** Bytes of a field that has not arrived as a whole; never more than a few for what is skipped. */
  readonly #backlog: ByteBacklog = new ByteBacklog();
  /** Bytes that belong to what was walked over, and have not arrived. */
  #skip = 0;
  #place: Place = { kind: 'sessions' };

  constructor({ fieldBytesMax = FIELD_BYTES_MAX }: Partial<SnapshotStreamLimits> = {}) {
    this.#fieldBytesMax = fieldBytesMax;
  }

  /** Whether the end has been found. */
  get ended(): boolean {
    return this.#place.kind === 'end';
  }

  /**
   * Takes the next bytes of the stream.
   *
   * @param chunk borrowed for the call
   * @returns The bytes of the snapshot among what has been pushed and not returned yet, without the signature behind it;
   * and what came behind that. Both are copies.
   * @throws BytesError when it is no snapshot
   */
  push(chunk: Uint8Array): { readonly snapshot: Uint8Array; readonly rest: Uint8Array } {
    this.#backlog.push(chunk);
    let walked = 0;
    const bytes = this.#backlog.peek();
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    while (!this.ended) {
      if (this.#skip > 0) {
        const step = Math.min(this.#skip, bytes.length - walked);
        this.#skip -= step;
        walked += step;
        if (this.#skip > 0) break;
      }
      const length = this.#step(view, bytes, walked);
      if (length === undefined) break;
      // The signature is not part of the snapshot.
      if (this.ended) {
        const snapshot = this.#backlog.take(walked);
        this.#backlog.take(length);
        return { snapshot, rest: this.#backlog.take(this.#backlog.size) };
      }
      walked += length;
    }
    return {
      snapshot: this.#backlog.take(walked),
      rest: this.ended ? this.#backlog.take(this.#backlog.size) : NO_BYTES,
    };
  }

  /** Walks over one thing. @returns Its bytes that are to be taken now; undefined when more must arrive. */
  #step(view: DataView, bytes: Uint8Array, at: number): number | undefined {
    const room = bytes.length - at;
    if (room < 4) return undefined;
    const place = this.#place;
    switch (place.kind) {
      case 'sessions':
        this.#skip = this.#count(view.getInt32(at), at) * SESSION_BYTES;
        this.#place = { kind: 'acls' };
        return 4;
      case 'acls':
        this.#place = this.#aclPlace(this.#count(view.getInt32(at), at));
        return 4;
      case 'acl': {
        // The list's number, then how many entries it has.
        if (room < 12) return undefined;
        const entries = Math.max(view.getInt32(at + 8), 0);
        const left = place.left - 1;
        this.#place = entries > 0 ? { kind: 'aclEntry', entries, part: 'perms', left } : this.#aclPlace(left);
        return 12;
      }
      case 'aclEntry':
        return this.#aclEntry(place, view.getInt32(at), at);
      case 'path':
        return this.#path(view, bytes, at, room);
      case 'data':
        this.#skip = this.#field(view.getInt32(at), at) + NODE_FIXED_BYTES;
        this.#place = { kind: 'path' };
        return 4;
      case 'signature': {
        const length = view.getInt32(at);
        const text = length === SNAPSHOT_SIGNATURE.length ? this.#text(bytes, at, room) : '';
        if (text === undefined) return undefined;
        if (text !== SNAPSHOT_SIGNATURE)
          throw new BytesError('out-of-range', at, length, room, 'the signature behind a snapshot is missing');
        this.#place = { kind: 'end' };
        return 4 + length;
      }
      default:
        return undefined;
    }
  }

  #aclEntry(place: Extract<Place, { kind: 'aclEntry' }>, value: number, at: number): number {
    if (place.part === 'perms') {
      place.part = 'scheme';
      return 4;
    }
    this.#skip = this.#field(value, at);
    if (place.part === 'scheme') place.part = 'id';
    else if (--place.entries === 0) this.#place = this.#aclPlace(place.left);
    else place.part = 'perms';
    return 4;
  }

  /** A path of one slash ends the nodes: the root's own is empty. */
  #path(view: DataView, bytes: Uint8Array, at: number, room: number): number | undefined {
    const length = this.#field(view.getInt32(at), at);
    if (length === 1) {
      const text = this.#text(bytes, at, room);
      if (text === undefined) return undefined;
      if (text === '/') {
        this.#place = { kind: 'signature' };
        return 5;
      }
    }
    this.#skip = length;
    this.#place = { kind: 'data' };
    return 4;
  }

  #text(bytes: Uint8Array, at: number, room: number): string | undefined {
    const length = new DataView(bytes.buffer, bytes.byteOffset + at, 4).getInt32(0);
    if (room < 4 + length) return undefined;
    return String.fromCharCode(...bytes.subarray(at + 4, at + 4 + length));
  }

  #aclPlace(left: number): Place {
    return left > 0 ? { kind: 'acl', left } : { kind: 'path' };
  }

  /** @throws BytesError when it is negative */
  #count(count: number, at: number): number {
    if (count < 0) throw new BytesError('out-of-range', at, count, 0, `a snapshot with ${count} elements`);
    return count;
  }

  /** @throws BytesError when it is longer than a field may be */
  #field(length: number, at: number): number {
    if (length < -1 || length > this.#fieldBytesMax) {
      const detail = `a field of ${length} bytes in a snapshot, at most ${this.#fieldBytesMax} are allowed`;
      throw new BytesError('out-of-range', at, length, this.#fieldBytesMax, detail);
    }
    return Math.max(length, 0);
  }
}

const NO_BYTES = new Uint8Array(0);
