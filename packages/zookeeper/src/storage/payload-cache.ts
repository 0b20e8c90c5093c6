import type { Zxid } from '@biquorum/zookeeper-wire';

/** Memory that payloads lie in, one behind the other. */
interface Page {
  readonly bytes: Uint8Array;
  used: number;
  /** The newest transaction in it. */
  last: Zxid;
}

const PAGE_BYTES = 256 * 1024;

/**
 * Payloads of the newest transactions, copied into pages: as objects of their own they would live just long enough to be
 * the most expensive kind of garbage. What was given out stays as it is; a page is never written twice.
 */
export class PayloadCache {
  readonly #pageBytes: number;
  /** Oldest first, with the number of the first of them. */
  #pages: Page[] = [];
  #first = 0;
  #bytes = 0;

  /** @param bytesMax so much stays, and a page more */
  constructor(bytesMax: number) {
    this.#pageBytes = Math.min(PAGE_BYTES, Math.max(1, Math.floor(bytesMax / 4)));
  }

  /** The payloads that are kept, in bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  /** @returns The place, for {@link PayloadCache.get} with the same length. */
  add(zxid: Zxid, payload: Uint8Array): number {
    let page = this.#pages.at(-1);
    if (page === undefined || page.used + payload.length > page.bytes.length) {
      page = { bytes: new Uint8Array(Math.max(this.#pageBytes, payload.length)), used: 0, last: zxid };
      this.#pages.push(page);
    }
    const at = page.used;
    page.bytes.set(payload, at);
    page.used += payload.length;
    page.last = zxid;
    this.#bytes += payload.length;
    return (this.#first + this.#pages.length - 1) * PLACES + at;
  }

  /** Whether what has this place is kept. */
  holds(place: number): boolean {
    return place >= this.#first * PLACES;
  }

  /** Undefined when it is not kept any more. */
  get(place: number, length: number): Uint8Array | undefined {
    const at = place % PLACES;
    return this.#pages[(place - at) / PLACES - this.#first]?.bytes.subarray(at, at + length);
  }

  /** Gives pages up, oldest first, until no more than so many bytes are kept; none that has something newer. */
  shrink(bytesMax: number, newest: Zxid): void {
    for (let page = this.#pages[0]; page !== undefined && this.#bytes > bytesMax; page = this.#pages[0]) {
      if (page.last > newest) return;
      this.#pages.shift();
      this.#first++;
      this.#bytes -= page.used;
    }
  }

  clear(): void {
    this.#first += this.#pages.length;
    this.#pages = [];
    this.#bytes = 0;
  }
}

/** Pages are numbered; a place is a page's number and a position in it. */
const PLACES = 2 ** 24;
