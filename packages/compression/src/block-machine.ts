import { assert } from '@biquorum/std';
import { BLOCKS_WASM } from './generated/blocks.ts';

// As much of the web's global as is needed here, and of what it makes.
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** What `wasm/blocks.ts` exports; all numbers are positions in its memory. */
interface Exports {
  readonly memory: Memory;
  dataStart(): number;
  slack(): number;
  decodeSnappy(at: number, end: number, start: number, limit: number): number;
  encodeSnappy(start: number, end: number, to: number): number;
  decodeLz4(at: number, end: number, start: number, limit: number, floor: number): number;
  encodeLz4(start: number, end: number, to: number): number;
  encodeLz4High(start: number, end: number, to: number, attempts: number): number;
}

/** Why a block was not decoded. */
export type BlockFault = 'corrupt' | 'overflow';

/** The longest run of bytes that the compressors take. */
export const ENCODE_BYTES_MAX: number = 64 * 1024;
/** How far an LZ4 block can refer back. */
export const HISTORY_BYTES_MAX: number = 64 * 1024 - 1;

const PAGE = 64 * 1024;
const OVERFLOW = -2;
/** Positions are signed 32-bit numbers. */
const MEMORY_MAX = 0x7fff_0000;
/** A module that had to grow beyond this is given up after the call: its memory cannot shrink. */
const KEPT_MAX = 16 * 1024 * 1024;

let compiled: object | undefined;
let current: BlockMachine | undefined;

/** The machine of this process; there is one, as every call runs to its end. */
export function blockMachine(): BlockMachine {
  if (current === undefined || current.memoryBytes > KEPT_MAX) {
    compiled ??= new WebAssembly.Module(Uint8Array.from(atob(BLOCKS_WASM), (char) => char.charCodeAt(0)));
    current = new BlockMachine(new WebAssembly.Instance(compiled).exports as Exports);
  }
  return current;
}

/**
 * Coders for single blocks of Snappy and LZ4, in WebAssembly. What they return is a view of the module's memory and stands
 * until the next call.
 */
export class BlockMachine {
  readonly #exports: Exports;
  readonly #data: number;
  readonly #slack: number;
  #bytes: Uint8Array;

  constructor(exports: Exports) {
    this.#exports = exports;
    this.#data = exports.dataStart();
    this.#slack = exports.slack();
    this.#bytes = new Uint8Array(exports.memory.buffer);
  }

  get memoryBytes(): number {
    return this.#bytes.length;
  }

  /** Whether a block of so many bytes that decodes to so many fits into the memory at all. */
  fits(inputBytes: number, outputBytes: number): boolean {
    return this.#data + inputBytes + outputBytes + 2 * this.#slack <= MEMORY_MAX;
  }

  /** Decodes the elements of a raw Snappy block to exactly `length` bytes. */
  decodeSnappy(elements: Uint8Array, length: number): Uint8Array | BlockFault {
    const output = this.#place(elements, length);
    const end = this.#exports.decodeSnappy(this.#data, this.#data + elements.length, output, output + length);
    return end < 0 ? 'corrupt' : this.#bytes.subarray(output, end);
  }

  /** Encodes up to 64 KiB as the elements of a raw Snappy block. */
  encodeSnappy(bytes: Uint8Array): Uint8Array {
    const output = this.#placeToEncode(bytes);
    const end = this.#exports.encodeSnappy(this.#data, this.#data + bytes.length, output);
    return this.#bytes.subarray(output, end);
  }

  /**
   * Decodes an LZ4 block.
   *
   * @param limit the most bytes that it may decode to.
   * @param history what the block may refer back to, 65,535 bytes at most.
   */
  decodeLz4(block: Uint8Array, limit: number, history: Uint8Array): Uint8Array | BlockFault {
    const floor = this.#place(block, history.length + limit);
    const output = floor + history.length;
    this.#bytes.set(history, floor);
    const end = this.#exports.decodeLz4(this.#data, this.#data + block.length, output, output + limit, floor);
    if (end < 0) return end === OVERFLOW ? 'overflow' : 'corrupt';
    return this.#bytes.subarray(output, end);
  }

  /** Encodes up to 64 KiB as an LZ4 block; with `attempts`, each match is the longest of so many. */
  encodeLz4(bytes: Uint8Array, attempts: number | undefined): Uint8Array {
    const output = this.#placeToEncode(bytes);
    const end =
      attempts === undefined
        ? this.#exports.encodeLz4(this.#data, this.#data + bytes.length, output)
        : this.#exports.encodeLz4High(this.#data, this.#data + bytes.length, output, attempts);
    return this.#bytes.subarray(output, end);
  }

  #placeToEncode(bytes: Uint8Array): number {
    assert(bytes.length <= ENCODE_BYTES_MAX, () => `block of ${bytes.length} bytes; at most ${ENCODE_BYTES_MAX} fit`);
    // Both formats add less to what they cannot compress.
    return this.#place(bytes, bytes.length + (bytes.length >>> 5) + 64);
  }

  /** Puts the input in and makes room for the output behind it. @returns Where the output starts. */
  #place(input: Uint8Array, outputBytes: number): number {
    const output = this.#data + input.length + this.#slack;
    const needed = output + outputBytes + this.#slack;
    if (needed > this.#bytes.length) {
      assert(needed <= MEMORY_MAX, () => `${needed} bytes of memory wanted; ask fits() before`);
      this.#exports.memory.grow(Math.ceil((needed - this.#bytes.length) / PAGE));
      this.#bytes = new Uint8Array(this.#exports.memory.buffer);
    }
    this.#bytes.set(input, this.#data);
    return output;
  }
}
