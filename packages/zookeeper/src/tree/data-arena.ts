/**
 * The data of nodes, in pages of a megabyte.
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
    return this.#pages[Math.floor(place / PAGE_UNITS)] as Uint8Array;
  }
}

const UNIT_BYTES = 16;
const PAGE_UNITS = 65_536;
const EMPTY = new Uint8Array(0);

/** Sizes of pieces in units: every one up to 16, then each at most a quarter larger than the one before. */
const CLASSES: readonly number[] = [
  1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 20, 24, 28, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192,
  224, 256,
];
const LONGEST_UNITS = 256;

const classByUnits: Uint8Array = Uint8Array.from({ length: LONGEST_UNITS + 1 }, (_, units) =>
  CLASSES.findIndex((size) => size >= units),
);

function classOf(length: number): number {
  const units = Math.ceil(length / UNIT_BYTES);
  return units > LONGEST_UNITS ? -1 : (classByUnits[units] as number);
}

function offsetOf(place: number): number {
  return (place % PAGE_UNITS) * UNIT_BYTES;
}
