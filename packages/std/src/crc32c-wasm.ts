/** Compiled code that folds data towards its end, and the memory it works in. */
export type Folding = 'unsupported' | { readonly memory: Uint8Array; readonly levels: readonly FoldingLevel[] };

/** Drops vectors of 16 bytes by adding them to later ones at fixed distances. Addresses and sizes are in bytes. */
export interface FoldingLevel {
  /** The largest distance. */
  readonly spanBytes: number;
  /** Drops the vectors of a range; those of a span before it count as dropped too. */
  sweep(start: number, end: number): void;
  /** Adds what was dropped right before `start` to the span that begins there, and stays. */
  drain(start: number): void;
}

/**
 * Compiles the code: `distances[level]` ascend, in vectors. Memory is a multiple of 64 KiB.
 *
 * A dropped vector is not written ahead: each vector gathers what is due to it from those before, when its turn comes.
 */
export function loadFolding(distances: readonly (readonly number[])[], memoryBytes: number): Folding {
  const runtime = (globalThis as { readonly WebAssembly?: WasmRuntime }).WebAssembly;
  if (runtime === undefined) return 'unsupported';
  let exports: Readonly<Record<string, unknown>>;
  try {
    const module = new runtime.Module(encodeModule(distances, memoryBytes));
    exports = new runtime.Instance(module).exports;
  } catch {
    // No vectors, or a page that forbids code from bytes.
    return 'unsupported';
  }
  const { buffer } = exports['memory'] as { readonly buffer: ArrayBuffer };
  const levels = distances.map((of, level) => ({
    spanBytes: spanOf(of),
    sweep: exports[`sweep${level}`] as FoldingLevel['sweep'],
    drain: exports[`drain${level}`] as FoldingLevel['drain'],
  }));
  return { memory: new Uint8Array(buffer), levels };
}

/** As much of the JavaScript interface of WebAssembly as is needed. */
interface WasmRuntime {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: Readonly<Record<string, unknown>> };
}

const VECTOR_BYTES = 16;
const spanOf = (distances: readonly number[]): number => VECTOR_BYTES * (distances.at(-1) ?? 0);

// The binary format and its opcodes: WebAssembly Core Specification 2.0, section 5.
const I32 = 0x7f;
const FUNCTION = 0x60;
const BLOCK = 0x02;
const LOOP = 0x03;
const VOID = 0x40;
const END = 0x0b;
const BRANCH = 0x0c;
const BRANCH_IF = 0x0d;
const LOCAL_GET = 0x20;
const LOCAL_SET = 0x21;
const I32_CONST = 0x41;
const I32_GE_U = 0x4f;
const I32_ADD = 0x6a;
const I32_SUB = 0x6b;
const V128_LOAD = [0xfd, 0x00];
const V128_STORE = [0xfd, 0x0b];
const V128_XOR = [0xfd, 0x51];
const ALIGNED_16 = 4;

// Locals of a function: a span before the vector whose turn it is, and before the end of the range. So each address is
// that of a local plus a constant, which cannot be negative.
const AT = 0;
const UP_TO = 1;
/** Of `drain` only. */
const FROM = 2;

function encodeModule(distances: readonly (readonly number[])[], memoryBytes: number): Uint8Array {
  const sweepType = [FUNCTION, ...vector([[I32], [I32]]), ...vector([])];
  const drainType = [FUNCTION, ...vector([[I32]]), ...vector([])];
  const exported = (name: string, kind: number, index: number): number[] => [
    ...vector([...name].map((letter) => [letter.charCodeAt(0)])),
    kind,
    index,
  ];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, vector([sweepType, drainType])),
    ...section(3, vector(distances.flatMap(() => [[0], [1]]))),
    ...section(5, vector([[0x00, ...unsigned(memoryBytes / 65_536)]])),
    ...section(
      7,
      vector([
        exported('memory', 2, 0),
        ...distances.flatMap((_, level) => [
          exported(`sweep${level}`, 0, 2 * level),
          exported(`drain${level}`, 0, 2 * level + 1),
        ]),
      ]),
    ),
    ...section(10, vector(distances.flatMap((of) => [sized(sweep(of)), sized(drain(of))]))),
  ]);
}

function sweep(distances: readonly number[]): number[] {
  const span = spanOf(distances);
  const goBack = (local: number): number[] => [LOCAL_GET, local, ...constant(span), I32_SUB, LOCAL_SET, local];
  return [...vector([]), ...goBack(AT), ...goBack(UP_TO), ...gather(distances, span), END];
}

/** What lies further on gets less and less: only what is within reach of what was dropped. */
function drain(distances: readonly number[]): number[] {
  const span = spanOf(distances);
  const moreLocals = vector([[2, I32]]);
  const begin = [LOCAL_GET, AT, ...constant(span), I32_SUB, LOCAL_SET, AT, LOCAL_GET, AT, LOCAL_SET, FROM];
  const stretches = distances.flatMap((reach, index) => [
    ...[LOCAL_GET, FROM, ...constant(VECTOR_BYTES * reach), I32_ADD, LOCAL_SET, UP_TO],
    ...gather(distances.slice(index), span),
  ]);
  return [...moreLocals, ...begin, ...stretches, END];
}

/** `for (; AT < UP_TO; AT += 16)`: adds the vectors at the distances to the one whose turn it is. */
function gather(distances: readonly number[], span: number): number[] {
  const address = (offset: number): number[] => [ALIGNED_16, ...unsigned(offset)];
  const load = (offset: number): number[] => [LOCAL_GET, AT, ...V128_LOAD, ...address(offset)];
  const sum = distances.flatMap((distance) => [...load(span - VECTOR_BYTES * distance), ...V128_XOR]);
  return [
    ...[BLOCK, VOID, LOOP, VOID],
    ...[LOCAL_GET, AT, LOCAL_GET, UP_TO, I32_GE_U, BRANCH_IF, 1],
    ...[LOCAL_GET, AT, ...load(span), ...sum, ...V128_STORE, ...address(span)],
    ...[LOCAL_GET, AT, ...constant(VECTOR_BYTES), I32_ADD, LOCAL_SET, AT],
    ...[BRANCH, 0, END, END],
  ];
}

function section(id: number, body: readonly number[]): number[] {
  return [id, ...sized(body)];
}

function sized(body: readonly number[]): number[] {
  return [...unsigned(body.length), ...body];
}

function vector(items: readonly (readonly number[])[]): number[] {
  return [...unsigned(items.length), ...items.flat()];
}

function constant(value: number): number[] {
  return [I32_CONST, ...signed(value)];
}

/** LEB128 of a number that is not negative. */
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

function signed(value: number): number[] {
  return value < 0x40 ? [value] : [(value & 0x7f) | 0x80, ...signed(value >> 7)];
}
