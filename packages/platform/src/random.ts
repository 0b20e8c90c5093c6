/**
 * Randomness, handed in so that a seed can stand in for it. In production the bytes are fit for secrets; under test
 * they come from one seed and repeat.
 */
export interface Random {
  /** A whole number, evenly spread over 0 to 2³² − 1. */
  uint32(): number;

  /** Overwrites all of `bytes`. */
  fill(bytes: Uint8Array): void;
}
