// The inner loops of Snappy and LZ4, in AssemblyScript: TypeScript's syntax with WebAssembly's types. `pnpm wasm` compiles
// this file to `src/generated/blocks.ts`; a test compares the two.
//
// All arguments are positions in the module's memory. Whoever calls puts the input there, above `DATA`, and sees to it that
// `SLACK` bytes follow the input as well as the output. Beyond that nothing is trusted: whatever the input holds, a decoder
// reads and writes within the bounds it is given.

/** First byte that input and output may use; below lie the tables of the compressors. */
const DATA: i32 = 0x3_0000;

/** A decoder's answer where the block is not sound. */
const CORRUPT: i32 = -1;
/** A decoder's answer where the block holds more than there is room for. */
const OVERFLOW: i32 = -2;

// Short runs are copied in whole vectors where as many bytes can be read and written; what is too much is overwritten by
// the next run.
const VECTOR: i32 = 16;
const SLACK: i32 = 64;

export function dataStart(): i32 {
  return DATA;
}

export function slack(): i32 {
  return SLACK;
}

// ---------------------------------------------------------------- Snappy

/**
 * Decodes the elements of a raw Snappy block (what follows its preamble), which must fill the output exactly.
 * Source: "Snappy compressed format description", 2011-10-05.
 *
 * @returns `limit`, or CORRUPT.
 */
export function decodeSnappy(at: i32, end: i32, start: i32, limit: i32): i32 {
  const safeRead = end - SLACK;
  const safeWrite = limit - SLACK;
  let read = at;
  let write = start;
  while (read < end) {
    const tag: u32 = load<u8>(read++);
    const kind = tag & 3;
    let length: i32 = (tag >>> 2) + 1;
    let offset: i32;
    if (kind === 0) {
      if (length <= VECTOR && write <= safeWrite && read <= safeRead) {
        v128.store(write, v128.load(read));
      } else {
        if (length > 60) {
          const bytes = length - 60;
          if (bytes > end - read) return CORRUPT;
          length = littleEndian(read, bytes);
          if (<u32>length > 0x7fff_fffe) return CORRUPT;
          length++;
          read += bytes;
        }
        if (length > end - read || length > limit - write) return CORRUPT;
        memory.copy(write, read, length);
      }
      read += length;
      write += length;
      continue;
    }
    if (kind === 1) {
      if (read >= end) return CORRUPT;
      length = ((tag >>> 2) & 7) + 4;
      offset = ((tag >>> 5) << 8) | load<u8>(read++);
    } else {
      const bytes = kind === 2 ? 2 : 4;
      if (bytes > end - read) return CORRUPT;
      offset = kind === 2 ? load<u16>(read) : load<i32>(read);
      read += bytes;
    }
    if (offset <= 0 || offset > write - start) return CORRUPT;
    if (write <= safeWrite && offset >= VECTOR) {
      // A copy has 64 bytes at most.
      const from = write - offset;
      v128.store(write, v128.load(from));
      if (length > VECTOR) {
        v128.store(write + VECTOR, v128.load(from + VECTOR));
        if (length > 2 * VECTOR) {
          v128.store(write + 2 * VECTOR, v128.load(from + 2 * VECTOR));
          v128.store(write + 3 * VECTOR, v128.load(from + 3 * VECTOR));
        }
      }
    } else {
      if (length > limit - write) return CORRUPT;
      repeat(write, offset, length, safeWrite);
    }
    write += length;
  }
  return write === limit ? limit : CORRUPT;
}

const SNAPPY_PRIME: u32 = 0x1e35_a7bd;
/** No match starts closer to the end of a block. */
const SNAPPY_TAIL: i32 = 15;
/** The step between tries grows by one after this many (a power of two) in vain. */
const SNAPPY_PATIENCE_BITS: i32 = 5;

/**
 * Compresses 64 KiB at most to the elements of a raw Snappy block; the preamble is the caller's.
 *
 * @returns end of the output.
 */
export function encodeSnappy(start: i32, end: i32, to: i32): i32 {
  const lastStart = end - SNAPPY_TAIL;
  const shift = clearTable(end - start);
  let write = to;
  let anchor = start;
  let read = start + 1;
  while (read <= lastStart) {
    let earlier = start;
    let tries = 1 << SNAPPY_PATIENCE_BITS;
    while (read <= lastStart) {
      const word = load<u32>(read);
      const slot = ((word * SNAPPY_PRIME) >>> shift) << 1;
      earlier = start + load<u16>(slot);
      store<u16>(slot, read - start);
      if (load<u32>(earlier) === word) break;
      read += tries++ >>> SNAPPY_PATIENCE_BITS;
    }
    if (read > lastStart) break;
    if (read > anchor) write = putLiteral(anchor, read, write);
    const stop = matchEnd(read + 4, earlier + 4, end);
    write = putCopy(write, read - earlier, stop - read);
    anchor = stop;
    read = stop;
    if (read > lastStart) break;
    store<u16>(((load<u32>(read - 1) * SNAPPY_PRIME) >>> shift) << 1, read - 1 - start);
  }
  return anchor < end ? putLiteral(anchor, end, write) : write;
}

function putLiteral(start: i32, end: i32, to: i32): i32 {
  const length = end - start;
  let write = to;
  if (length <= 60) store<u8>(write++, (length - 1) << 2);
  else if (length <= 256) {
    store<u8>(write++, 60 << 2);
    store<u8>(write++, length - 1);
  } else {
    store<u8>(write++, 61 << 2);
    store<u16>(write, length - 1);
    write += 2;
  }
  copyRun(write, start, length);
  return write + length;
}

function putCopy(to: i32, offset: i32, length: i32): i32 {
  let write = to;
  let rest = length;
  // A copy has 64 bytes at most, and what is left for the last one must not be below four.
  while (rest >= 68) {
    write = putLongCopy(write, offset, 64);
    rest -= 64;
  }
  if (rest > 64) {
    write = putLongCopy(write, offset, 60);
    rest -= 60;
  }
  if (rest >= 12 || offset >= 2048) return putLongCopy(write, offset, rest);
  store<u8>(write, ((offset >>> 8) << 5) | ((rest - 4) << 2) | 1);
  store<u8>(write + 1, offset);
  return write + 2;
}

function putLongCopy(to: i32, offset: i32, length: i32): i32 {
  store<u8>(to, ((length - 1) << 2) | 2);
  store<u16>(to + 1, offset);
  return to + 3;
}

// ---------------------------------------------------------------- LZ4

const LZ4_MIN_MATCH: i32 = 4;
/** The last match of a block starts at least this far before its end. */
const LZ4_TAIL: i32 = 12;
/** The last bytes of a block that are always literals. */
const LZ4_LITERAL_TAIL: i32 = 5;
const LZ4_PRIME: u32 = 0x9e37_79b1;
/** The step between tries grows by one after this many (a power of two) in vain. */
const LZ4_PATIENCE_BITS: i32 = 6;

/**
 * Decodes an LZ4 block. Source: "LZ4 Block Format Description".
 *
 * @param floor first byte that the block may refer back to: `start`, or that of earlier blocks before it.
 * @returns end of the output, or CORRUPT, or OVERFLOW.
 */
export function decodeLz4(at: i32, end: i32, start: i32, limit: i32, floor: i32): i32 {
  const safeRead = end - SLACK;
  const safeWrite = limit - SLACK;
  let read = at;
  let write = start;
  while (read < end) {
    const token: u32 = load<u8>(read++);

    let length: i32 = token >>> 4;
    if (length < 15 && write <= safeWrite && read <= safeRead) {
      v128.store(write, v128.load(read));
    } else {
      if (length === 15) {
        let more: i32;
        do {
          if (read >= end) return CORRUPT;
          more = load<u8>(read++);
          length += more;
        } while (more === 255);
      }
      if (length > end - read) return CORRUPT;
      if (length > limit - write) return OVERFLOW;
      memory.copy(write, read, length);
    }
    read += length;
    write += length;
    if (read === end) return write; // The last sequence is literals only.

    if (end - read < 2) return CORRUPT;
    const offset: i32 = load<u16>(read);
    read += 2;
    if (offset === 0 || offset > write - floor) return CORRUPT;
    length = (token & 15) + LZ4_MIN_MATCH;
    if (length < 15 + LZ4_MIN_MATCH && offset >= 8 && write <= safeWrite) {
      const from = write - offset;
      store<u64>(write, load<u64>(from));
      store<u64>(write + 8, load<u64>(from + 8));
      store<u16>(write + 16, load<u16>(from + 16));
    } else {
      if (length === 15 + LZ4_MIN_MATCH) {
        let more: i32;
        do {
          if (read >= end) return CORRUPT;
          more = load<u8>(read++);
          length += more;
        } while (more === 255);
      }
      if (length > limit - write) return OVERFLOW;
      repeat(write, offset, length, safeWrite);
    }
    write += length;
  }
  return CORRUPT;
}

/**
 * Compresses 64 KiB at most to an LZ4 block, quickly: the first match that is found is taken.
 *
 * @returns end of the output.
 */
export function encodeLz4(start: i32, end: i32, to: i32): i32 {
  const lastStart = end - LZ4_TAIL;
  const lastEnd = end - LZ4_LITERAL_TAIL;
  const shift = clearTable(end - start);
  let write = to;
  let anchor = start;
  let read = start + 1;
  while (read <= lastStart) {
    let earlier = start;
    let tries = 1 << LZ4_PATIENCE_BITS;
    while (read <= lastStart) {
      const word = load<u32>(read);
      const slot = ((word * LZ4_PRIME) >>> shift) << 1;
      earlier = start + load<u16>(slot);
      store<u16>(slot, read - start);
      if (load<u32>(earlier) === word) break;
      read += tries++ >>> LZ4_PATIENCE_BITS;
    }
    if (read > lastStart) break;
    while (read > anchor && earlier > start && load<u8>(read - 1) === load<u8>(earlier - 1)) {
      read--;
      earlier--;
    }
    const stop = matchEnd(read + LZ4_MIN_MATCH, earlier + LZ4_MIN_MATCH, lastEnd);
    write = putSequence(anchor, read, write, read - earlier, stop - read);
    anchor = stop;
    read = stop;
    if (read > lastStart) break;
    store<u16>(((load<u32>(read - 2) * LZ4_PRIME) >>> shift) << 1, read - 2 - start);
  }
  return putLastLiterals(anchor, end, write);
}

// The thorough compressor keeps the newest position of each hash, and for each position the one before it with the same
// hash: chains to be searched for the longest match.
const NEWEST: i32 = 0;
const NEWEST_BITS: i32 = 15;
const NEWEST_SHIFT: i32 = 32 - NEWEST_BITS;
const PREVIOUS: i32 = 0x1_0000;
/** Ends a chain: no match starts at the very last byte of 64 KiB. */
const NONE: i32 = 0xffff;

let foundStart: i32 = 0;
let foundLength: i32 = 0;

/**
 * Compresses 64 KiB at most to an LZ4 block, thoroughly: among `attempts` earlier places the longest match is taken, unless
 * one byte later there is a clearly longer one.
 *
 * @returns end of the output.
 */
export function encodeLz4High(start: i32, end: i32, to: i32, attempts: i32): i32 {
  const lastStart = end - LZ4_TAIL;
  const lastEnd = end - LZ4_LITERAL_TAIL;
  memory.fill(NEWEST, 0xff, 2 << NEWEST_BITS);
  let write = to;
  let anchor = start;
  let read = start;
  let linked = start;
  while (read <= lastStart) {
    linked = linkUpTo(start, linked, read);
    findLongest(start, read, lastEnd, attempts);
    if (foundLength < LZ4_MIN_MATCH) {
      read++;
      continue;
    }
    let matchStart = foundStart;
    let length = foundLength;
    while (read < lastStart) {
      linked = linkUpTo(start, linked, read + 1);
      findLongest(start, read + 1, lastEnd, attempts);
      if (foundLength <= length + 1) break;
      read++;
      matchStart = foundStart;
      length = foundLength;
    }
    write = putSequence(anchor, read, write, read - matchStart, length);
    read += length;
    anchor = read;
  }
  return putLastLiterals(anchor, end, write);
}

/** Puts the positions before `read` into their chains. @returns The first position that is in none. */
function linkUpTo(start: i32, linked: i32, read: i32): i32 {
  let at = linked;
  for (; at < read; at++) {
    const slot = NEWEST + (((load<u32>(at) * LZ4_PRIME) >>> NEWEST_SHIFT) << 1);
    const position = at - start;
    store<u16>(PREVIOUS + (position << 1), load<u16>(slot));
    store<u16>(slot, position);
  }
  return at;
}

function findLongest(start: i32, read: i32, end: i32, attempts: i32): void {
  const word = load<u32>(read);
  foundLength = 0;
  let candidate: i32 = load<u16>(NEWEST + (((word * LZ4_PRIME) >>> NEWEST_SHIFT) << 1));
  for (let left = attempts; left > 0 && candidate !== NONE; left--) {
    const there = start + candidate;
    // It is longer than the best so far only if the byte behind the best matches too.
    if (load<u8>(there + foundLength) === load<u8>(read + foundLength) && load<u32>(there) === word) {
      const length = matchEnd(read + LZ4_MIN_MATCH, there + LZ4_MIN_MATCH, end) - read;
      if (length > foundLength) {
        foundLength = length;
        foundStart = there;
        if (read + length >= end) return;
      }
    }
    candidate = load<u16>(PREVIOUS + (candidate << 1));
  }
}

/** Literals, then a match. */
function putSequence(anchor: i32, literalEnd: i32, to: i32, offset: i32, matchLength: i32): i32 {
  const literals = literalEnd - anchor;
  const rest = matchLength - LZ4_MIN_MATCH;
  store<u8>(to, (min(literals, 15) << 4) | min(rest, 15));
  let write = to + 1;
  if (literals >= 15) write = putLength(write, literals - 15);
  copyRun(write, anchor, literals);
  write += literals;
  store<u16>(write, offset);
  write += 2;
  return rest >= 15 ? putLength(write, rest - 15) : write;
}

function putLastLiterals(anchor: i32, end: i32, to: i32): i32 {
  const literals = end - anchor;
  store<u8>(to, min(literals, 15) << 4);
  let write = to + 1;
  if (literals >= 15) write = putLength(write, literals - 15);
  memory.copy(write, anchor, literals);
  return write + literals;
}

function putLength(to: i32, length: i32): i32 {
  let write = to;
  let rest = length;
  while (rest >= 255) {
    store<u8>(write++, 255);
    rest -= 255;
  }
  store<u8>(write++, rest);
  return write;
}

// ---------------------------------------------------------------- both

/** Repeats `length` bytes from `offset` bytes back; they may overlap what is written. */
function repeat(at: i32, offset: i32, length: i32, safeWrite: i32): void {
  const end = at + length;
  let from = at - offset;
  let write = at;
  if (end <= safeWrite && offset >= VECTOR) {
    for (; write < end; write += VECTOR, from += VECTOR) v128.store(write, v128.load(from));
  } else if (end <= safeWrite && offset >= 8) {
    for (; write < end; write += 8, from += 8) store<u64>(write, load<u64>(from));
  } else if (offset === 1) memory.fill(at, load<u8>(from), length);
  else for (; write < end; write++, from++) store<u8>(write, load<u8>(from));
}

/** Copies a run of literals, writing a little too much. */
function copyRun(to: i32, from: i32, length: i32): void {
  if (length > SLACK) {
    memory.copy(to, from, length);
    return;
  }
  v128.store(to, v128.load(from));
  for (let done = VECTOR; done < length; done += VECTOR) v128.store(to + done, v128.load(from + done));
}

/** Where the bytes from `at` on stop being those from `earlier` on, at `end` at the latest. */
function matchEnd(at: i32, earlier: i32, end: i32): i32 {
  let here = at;
  let there = earlier;
  for (; here <= end - 8; here += 8, there += 8) {
    const difference = load<u64>(here) ^ load<u64>(there);
    if (difference !== 0) return here + <i32>(ctz(difference) >>> 3);
  }
  while (here < end && load<u8>(here) === load<u8>(there)) {
    here++;
    there++;
  }
  return here;
}

/**
 * Empties the table of the quick compressors: where each hash was seen last, 16 bits each. A short block gets a small one,
 * which is emptied sooner.
 *
 * @returns by how many bits a hash is to be shifted to give a slot.
 */
function clearTable(length: i32): i32 {
  let bits = 8;
  while (bits < 13 && 1 << bits < length) bits++;
  memory.fill(0, 0, 2 << bits);
  return 32 - bits;
}

function littleEndian(at: i32, bytes: i32): i32 {
  let value: i32 = 0;
  for (let index = bytes - 1; index >= 0; index--) value = (value << 8) | load<u8>(at + index);
  return value;
}

function min(a: i32, b: i32): i32 {
  return a < b ? a : b;
}
