/** Drafts up to this size are written in memory that is kept. */
const KEPT_BYTES = 1024 * 1024;

let kept = new Uint8Array(0);

/**
 * Memory to write something into whose size is known only afterwards: as large as it can get, and used again, since fresh
 * memory costs more than copying the little that is left of it. `finishDraft` gives the result; there is one at a time.
 */
export function draft(sizeMax: number): Uint8Array {
  if (sizeMax > KEPT_BYTES) return new Uint8Array(sizeMax);
  if (kept.length < sizeMax) kept = new Uint8Array(Math.min(KEPT_BYTES, 2 * sizeMax));
  return kept;
}

/** The first `size` bytes of a draft, in memory of their own. */
export function finishDraft(bytes: Uint8Array, size: number): Uint8Array {
  return bytes.slice(0, size);
}
