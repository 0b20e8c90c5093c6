/** A stretch of a file. Several stores may hold the same page, until one of them writes to it. */
interface Page {
  bytes: Uint8Array;
  shared: boolean;
}

const PAGE_BYTES = 4_096;
const PAGE_BYTES_MIN = 64;

/**
 * The bytes of a file, in pages. What was never written takes no room and reads as zeros; a fork shares its pages with
 * the original until either changes them.
 */
export class PageStore {
  #pages: (Page | undefined)[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Overwrites or appends; a gap before `position` reads as zeros. */
  write(position: number, bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length; ) {
      const index = Math.floor((position + done) / PAGE_BYTES);
      const offset = (position + done) % PAGE_BYTES;
      const length = Math.min(PAGE_BYTES - offset, bytes.length - done);
      this.#pageForWrite(index, offset + length).set(bytes.subarray(done, done + length), offset);
      done += length;
    }
    if (bytes.length > 0) this.#size = Math.max(this.#size, position + bytes.length);
  }

  /** @returns How many bytes were read: fewer than asked only at the end. */
  read(position: number, into: Uint8Array): number {
    const length = Math.max(0, Math.min(into.length, this.#size - position));
    for (let done = 0; done < length; ) {
      const page = this.#pages[Math.floor((position + done) / PAGE_BYTES)];
      const offset = (position + done) % PAGE_BYTES;
      const count = Math.min(PAGE_BYTES - offset, length - done);
      const present = page?.bytes.subarray(offset, offset + count) ?? nothing;
      into.set(present, done);
      into.fill(0, done + present.length, done + count);
      done += count;
    }
    return length;
  }

  /** Everything, as one array. */
  readAll(): Uint8Array {
    const bytes = new Uint8Array(this.#size);
    this.read(0, bytes);
    return bytes;
  }

  /** Cuts, or lengthens with zeros. */
  resize(size: number): void {
    if (size < this.#size) {
      this.#pages.length = Math.min(this.#pages.length, Math.ceil(size / PAGE_BYTES));
      const tail = size % PAGE_BYTES;
      const last = Math.floor(size / PAGE_BYTES);
      // What is cut off must read as zeros should the file grow again.
      if (tail > 0 && this.#pages[last] !== undefined) this.#pageForWrite(last, tail).fill(0, tail);
    }
    this.#size = size;
  }

  fork(): PageStore {
    const fork = new PageStore();
    for (const page of this.#pages) if (page !== undefined) page.shared = true;
    fork.#pages = [...this.#pages];
    fork.#size = this.#size;
    return fork;
  }

  /** The page's bytes, unshared and long enough. Small files take less than a page. */
  #pageForWrite(index: number, length: number): Uint8Array {
    const page = this.#pages[index];
    if (page !== undefined && !page.shared && page.bytes.length >= length) return page.bytes;
    let capacity = page?.bytes.length ?? PAGE_BYTES_MIN;
    while (capacity < length) capacity *= 2;
    const bytes = new Uint8Array(capacity);
    if (page !== undefined) bytes.set(page.bytes);
    while (this.#pages.length <= index) this.#pages.push(undefined);
    this.#pages[index] = { bytes, shared: false };
    return bytes;
  }
}

const nothing: Uint8Array = new Uint8Array(0);
