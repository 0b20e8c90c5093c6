import type { Disk, DiskFile } from '@biquorum/platform';
import type { Entry, Position } from '../contract.ts';
import { StorageError } from './storage-error.ts';
import { decodeFrame, ENTRY_HEADER_BYTES, encodeFrame, FRAME_HEADER_BYTES, type Frame } from './wal-format.ts';
import { type Recovered, segmentName } from './wal-recovery.ts';

/** What a {@link Wal} is made from. */
export interface WalOptions {
  readonly disk: Disk;
  readonly directory: string;
  /** A segment is closed once it is this long; the next one is made so long beforehand. */
  readonly segmentBytes: number;
  /** What the frame that begins a segment says of all before it. */
  readonly head: () => { readonly start: Position; readonly durable: Uint8Array | null };
  /** The next segment could not be made. */
  readonly onFailure: (error: unknown) => void;
}

/** One file of the log. */
interface Segment {
  readonly number: number;
  readonly file: DiskFile;
  /** Whether all of it was written with zeros before its first frame. */
  readonly allocated: boolean;
  size: number;
  /** How much of it was handed to the operating system. */
  written: number;
  /** How much of it is on the disk. */
  synced: number;
  /** The index after its last entry: below that, the file is needed. */
  end: number;
  syncs: number;
}

/** Where an entry's payload begins. */
export interface Place {
  readonly segment: number;
  readonly position: number;
}

/** Which entry a payload belongs to, and how long it is. */
interface PayloadShape {
  readonly index: number;
  readonly bytes: number;
}

/** A log that is shorter does not get a second segment: many a log stays short. */
const PREPARE_FROM_BYTES = 64 * 1024;
/** With more bytes to each sync, writing zeros first costs more than it saves. */
const ZEROS_BELOW_BYTES_PER_SYNC = 32 * 1024;
/** Zeros reach the disk in pieces of this size, so that no sync of the log waits long behind them. */
const ZEROS_BYTES = 1024 * 1024;

/**
 * Appends frames to the segments of a write-ahead log.
 *
 * A sync of a file that grows has to write its new length, too, which costs as much again as a few bytes themselves. So
 * where syncs are small the next segment is written full of zeros while the one before is filled, and only overwritten
 * afterwards. Recovery takes the zeros for the end of the log. Nothing is ever allocated in a file that has frames: a
 * late zero would wipe them out.
 */
export class Wal {
  readonly #options: WalOptions;
  readonly #segments: Segment[] = [];
  /** Frames of the newest segment that are only here yet. */
  #unwritten: Uint8Array[] = [];
  /** The segment after the newest, once it is there. */
  #next: Pick<Segment, 'number' | 'file' | 'allocated'> | null = null;
  #preparing: Promise<void> | null = null;
  #closed = false;

  constructor(options: WalOptions) {
    this.#options = options;
  }

  /** Goes on after what was recovered, in a segment of its own. */
  async start({ segments, nextSegment }: Recovered): Promise<void> {
    const { disk, directory } = this.#options;
    for (const { number, file, size, end } of segments) {
      this.#segments.push({ number, file, allocated: false, size, written: size, synced: size, end, syncs: 0 });
      // What a killed process wrote may be in the page cache only, and this one is going to vouch for it.
      await file.sync();
    }
    const file = disk.open(this.#path(nextSegment), 'create-new');
    await disk.syncDirectory(directory);
    this.#enter(nextSegment, file, false);
  }

  /** Takes frames in. @returns Where the payloads of the entries among them are. */
  append(frames: readonly Frame[]): Place[] {
    const segment = this.#active;
    const places: Place[] = [];
    for (const frame of frames) {
      const parts = encodeFrame(frame, segment.number, segment.synced);
      if (frame.type === 'entry') {
        places.push({ segment: segment.number, position: segment.size + (parts[0] as Uint8Array).length });
        segment.end = endOf(frame.entry);
      }
      for (const part of parts) {
        this.#unwritten.push(part);
        segment.size += part.length;
      }
    }
    return places;
  }

  /** The log begins anew at `index`: what was in the newest segment before is not needed. */
  resetEnd(index: number): void {
    this.#active.end = index;
  }

  /** Hands what was appended to the operating system, in one gathered write. */
  writeOut(): void {
    if (this.#unwritten.length === 0) return;
    const segment = this.#active;
    segment.file.write(segment.written, this.#unwritten);
    segment.written = segment.size;
    this.#unwritten = [];
  }

  /** Makes durable what was written before the call. */
  async sync(): Promise<void> {
    // Oldest first: what a newer segment declares as synced stands on the older ones.
    for (const segment of this.#segments.filter(({ written, synced }) => written > synced)) {
      const { written } = segment;
      await segment.file.sync();
      segment.synced = written;
      segment.syncs++;
    }
  }

  /** Goes on in the next segment when it is time for that. Until that is there, the old one takes what comes. */
  advance(): void {
    const { segmentBytes } = this.#options;
    const { size, syncs, allocated } = this.#active;
    const full = size >= segmentBytes;
    const small = size < syncs * ZEROS_BELOW_BYTES_PER_SYNC;
    const half = segmentBytes / 2;
    if (full || (small && size >= (allocated ? half : Math.min(half, PREPARE_FROM_BYTES)))) this.#prepare(small);
    const next = this.#next;
    if (next === null || this.#closed || (allocated && !full)) return;
    this.#next = null;
    this.writeOut();
    this.#enter(next.number, next.file, next.allocated);
  }

  /**
   * The payload of an entry, checked once more: the disk may have spoiled it since it was written.
   *
   * @throws StorageError as a rejection when the segment is gone or the entry damaged; DiskError.
   */
  async readPayload({ segment: number, position, bytes, index }: Place & PayloadShape): Promise<Uint8Array> {
    const segment = this.#segments.find((candidate) => candidate.number === number);
    if (segment === undefined) throw new StorageError(this.#options.directory, `segment ${number} is gone`);
    if (segment === this.#active) this.writeOut();
    const frame = new Uint8Array(FRAME_HEADER_BYTES + ENTRY_HEADER_BYTES + bytes);
    await segment.file.read(position + bytes - frame.length, frame);
    const found = decodeFrame(frame, 0, number);
    if (found?.frame.type !== 'entry' || found.frame.entry.index !== index)
      throw new StorageError(
        segment.file.path,
        `the entry ${index} at ${position} had reached the disk and is damaged`,
      );
    return found.frame.entry.payload;
  }

  /** Gives up the segments that have only entries before `index`. @returns Their files, to be removed. */
  takeBefore(index: number): DiskFile[] {
    const files: DiskFile[] = [];
    while (this.#segments.length > 1 && (this.#segments[0] as Segment).end <= index)
      files.push((this.#segments.shift() as Segment).file);
    return files;
  }

  /** Gives up all files; what is not on the disk may be lost. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#preparing?.catch(() => {});
    await this.#next?.file.close();
    await Promise.all(this.#segments.map(({ file }) => file.close()));
  }

  get #active(): Segment {
    return this.#segments[this.#segments.length - 1] as Segment;
  }

  #path(number: number): string {
    return `${this.#options.directory}/${segmentName(number)}`;
  }

  #enter(number: number, file: DiskFile, allocated: boolean): void {
    const previousSynced = this.#segments.at(-1)?.synced ?? 0;
    const { start, durable } = this.#options.head();
    this.#segments.push({ number, file, allocated, size: 0, written: 0, synced: 0, end: start.index, syncs: 0 });
    this.append([{ type: 'segment', start, previousSynced, durable }]);
  }

  #prepare(zeros: boolean): void {
    if (this.#preparing !== null || this.#next !== null) return;
    const number = this.#active.number + 1;
    const preparing = this.#make(number, zeros).finally(() => {
      this.#preparing = null;
    });
    this.#preparing = preparing;
    preparing.catch(this.#options.onFailure);
  }

  async #make(number: number, zeros: boolean): Promise<void> {
    const { disk, directory, segmentBytes } = this.#options;
    const file = disk.open(this.#path(number), 'create-new');
    for (let size = 0; zeros && size < segmentBytes && !this.#closed; ) {
      size = Math.min(segmentBytes, size + ZEROS_BYTES);
      await file.allocate(size);
      await file.sync();
    }
    await disk.syncDirectory(directory);
    this.#next = { number, file, allocated: zeros };
  }
}

function endOf({ index, span }: Entry): number {
  return index + span;
}
