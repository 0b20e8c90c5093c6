/**
 * Bytes of nodes, their data or their names, in pages of half a megabyte.
 *
 * A million nodes with a few bytes each would take more for their `Uint8Array` objects than for all else. Pieces come
 * in classes of size and are used again; what is longer than a class gets memory of its own.
 */
export class DataArena {
  readonly #pages: Uint8Array[] = [];
  /** Pieces given back, by class. */
  readonly #free: number[][] = CLASSES.map(() => []);
  readonly #long: Map<number, Uint8Array> = new Map();
  readonly #freeLong: number[] = [];
  /** The next unit of the last page that was never used. */
  #next = 0;
  #lastLong = 0;

  /** Keeps a copy. @returns Its place: to be given back by {@link DataArena.remove} with the same length. */
  add(data: Uint8Array): number {
    if (data.length === 0) return 0;
    const size = classOf(data.length);
    if (size === -1) {
      const place = this.#freeLong.pop() ?? --this.#lastLong;
      this.#long.set(place, data.slice());
      return place;
    }
    const place = this.#free[size]?.pop() ?? this.#fresh(CLASSES[size] as number);
    this.#page(place).set(data, offsetOf(place));
    return place;
  }

  /** What is kept there, as a view that holds until the arena is changed. */
  get(place: number, length: number): Uint8Array {
    if (length === 0) return EMPTY;
    if (place < 0) return this.#long.get(place) as Uint8Array;
    const at = offsetOf(place);
    return this.#page(place).subarray(at, at + length);
  }

  /** Whether what is kept there stands in `bytes` at a position, where `length` bytes follow. */
  matches(place: number, length: number, bytes: Uint8Array, position: number): boolean {
    const page = this.#pageOf(place);
    const start = place < 0 ? 0 : offsetOf(place);
    for (let at = 0; at < length; at++) if (page[start + at] !== bytes[position + at]) return false;
    return true;
  }

  /** Copies what is kept there into `target`. */
  copyInto(place: number, length: number, target: Uint8Array, position: number): void {
    const page = this.#pageOf(place);
    const start = place < 0 ? 0 : offsetOf(place);
    for (let at = 0; at < length; at++) target[position + at] = page[start + at] as number;
  }

  /** The length of what is kept in memory of its own. */
  longLength(place: number): number {
    return this.#pageOf(place).length;
  }

  remove(place: number, length: number): void {
    if (length === 0) return;
    const size = classOf(length);
    if (size === -1) {
      this.#long.delete(place);
      this.#freeLong.push(place);
    } else this.#free[size]?.push(place);
  }

  /** @param units so many, in one page */
  #fresh(units: number): number {
    if (this.#pages.length === 0 || (this.#next % PAGE_UNITS) + units > PAGE_UNITS || this.#next % PAGE_UNITS === 0) {
      this.#next = this.#pages.length * PAGE_UNITS;
      this.#pages.push(new Uint8Array(PAGE_UNITS * UNIT_BYTES));
    }
    const place = this.#next;
    this.#next += units;
    return place;
  }

  #page(place: number): Uint8Array {
    return this.#pages[place >>> PAGE_BITS] as Uint8Array;
  }

  #pageOf(place: number): Uint8Array {
    return place < 0 ? (this.#long.get(place) as Uint8Array) : this.#page(place);
  }
}

const UNIT_BYTES = 8;
const PAGE_BITS = 16;
const PAGE_UNITS = 1 << PAGE_BITS;
const EMPTY = new Uint8Array(0);

const LONGEST_UNITS = 512;

/** Sizes of pieces in units: every one up to 32, then each at most a sixteenth larger than the one before. */
const CLASSES: readonly number[] = sizes();

const classByUnits: Uint8Array = Uint8Array.from({ length: LONGEST_UNITS + 1 }, (_, units) =>
  CLASSES.findIndex((size) => size >= units),
);

function sizes(): number[] {
  const classes: number[] = [];
  for (let size = 1; size <= LONGEST_UNITS; size += 2 ** Math.max(0, Math.floor(Math.log2(size)) - 4))
    classes.push(size);
  return classes;
}

function offsetOf(place: number): number {
  return (place & (PAGE_UNITS - 1)) * UNIT_BYTES;
}

function classOf(length: number): number {
  const units = Math.ceil(length / UNIT_BYTES);
  return units > LONGEST_UNITS ? -1 : (classByUnits[units] as number);
}
